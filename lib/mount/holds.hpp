// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

#include "mount/lock.hpp"
#include "mount/state_dir.hpp"

namespace ganeti::gluster {

// Holds change only under the storage dir's lock; the parameter is the proof.
void write_hold(const StateDir& state, const StorageLock& lock, const Hold& hold);
/// @returns whether there was one.
bool drop_hold(const StateDir& state, const StorageLock& lock, const std::string& disk);
void move_hold(const StateDir& state, const StorageLock& lock, const std::string& from, const std::string& to);

/// Sorted by disk.
[[nodiscard]] std::vector<Hold> read_holds(const StateDir& state);
/// Each hold with what supports it.
[[nodiscard]] std::vector<HoldStatus> with_uses(std::vector<Hold> holds, const std::vector<DiskUse>& uses);
[[nodiscard]] bool has_holds(const StateDir& state);

/// Where disks lie: the storage dir as Ganeti spells it, and its real path.
struct DiskPrefixes {
  std::string spelled;
  std::string real;
};

/// Every disk below the storage dir that something on this node uses: Ganeti's links, open files
/// of all processes, and paths in their command lines. Looks at no mount. Sorted by disk.
[[nodiscard]] std::vector<DiskUse> find_disk_uses(const NodePaths& paths, const DiskPrefixes& prefixes);

}  // namespace ganeti::gluster
