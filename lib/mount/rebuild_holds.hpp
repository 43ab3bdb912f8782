// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "mount/context.hpp"

namespace ganeti::gluster {

/// Writes a hold for each disk of @p volume that this node uses without one.
/// @returns the disks.
std::vector<std::string> rebuild_missing_holds(const MountContext& context, const StateDir& state,
                                               const StorageLock& lock, const std::string& real,
                                               const std::string& volume);

}  // namespace ganeti::gluster
