// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace ganeti::gluster {

inline constexpr const char* cannot_look = "cannot look at the image";

/// Throws what an errno says of a call on a volume, in words that fit an image.
/// @throws MountError (mount_lost) if the volume stopped answering, else ImageError.
[[noreturn]] void throw_store_error(int number, const std::string& subject, const char* failed);

/// Throws ImageError (not_an_image). @param subject is its path.
[[noreturn]] void throw_not_an_image(const std::string& subject, const char* failed);

/// Throws MountError (unreachable): an image may lie on @p parts of the volume, of which too few bricks are up.
[[noreturn]] void throw_silent_parts(const std::vector<std::string>& parts, const std::string& subject,
                                     const std::string& volume);

}  // namespace ganeti::gluster
