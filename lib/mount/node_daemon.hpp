// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include <sys/types.h>

#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// Ganeti's node daemon, if its pid file names a process that looks like it.
[[nodiscard]] std::optional<pid_t> find_node_daemon(const NodePaths& paths);

}  // namespace ganeti::gluster
