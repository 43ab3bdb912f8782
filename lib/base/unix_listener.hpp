// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// A unix socket that listens at an absolute path, for its owner alone (mode 0600). Takes the place of one at which
/// nobody listens any more. Missing folders are made, the last one with mode 0700.
/// @throws Error: EADDRINUSE if somebody listens there, EEXIST if what is there is no socket, EPERM if other users may
/// replace what is in the folder; another errno
[[nodiscard]] UniqueFd listen_on(const std::string& path);

}  // namespace ganeti::gluster
