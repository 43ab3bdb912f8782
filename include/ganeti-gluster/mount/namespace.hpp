// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// Puts this process into the mount namespace that counts: the node daemon's, or that of process 1
/// where no node daemon runs. What is mounted in any other one, no instance will ever see.
///
/// For commands, early in main: the working directory becomes "/" if the namespace changes.
/// @returns whether it changed.
/// @throws MountError (wrong_namespace) if it differs and cannot be entered.
GANETI_GLUSTER_API bool enter_node_namespace(const NodePaths& paths);

}  // namespace ganeti::gluster
