// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "mount/mount_table.hpp"

namespace ganeti::gluster {

/// The processes that may be the FUSE client behind a row: glusterfs, in this mount namespace, with
/// /dev/fuse open and that mount point as last argument; where the kernel tells the connection
/// (6.16 and later), exactly the one. Several only if mounts are stacked.
[[nodiscard]] std::vector<ProcessId> find_clients(const MountRow& row);

/// Clients that serve a mount on @p target which cannot be seen from here, as it is in another mount namespace of the
/// same machine; of containers, which see other processes than this one, nothing is told.
[[nodiscard]] std::vector<ProcessId> find_hidden_clients(const std::string& target);

/// Processes that a mount attempt on @p target has left: helper or client, started at or after
/// @p since_ticks (clock ticks after boot), whether it has mounted anything yet or not.
[[nodiscard]] std::vector<ProcessId> find_attempt_processes(const std::string& target, std::int64_t since_ticks);

}  // namespace ganeti::gluster
