// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace ganeti::gluster {

/// Throws what errno says of a call on a mounted volume, in words that fit an image.
/// @throws MountError (mount_lost) if the volume stopped answering, else ImageError.
[[noreturn]] void throw_fuse_errno(const std::string& subject, const char* failed);

}  // namespace ganeti::gluster
