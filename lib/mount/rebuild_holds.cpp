// SPDX-License-Identifier: BSD-2-Clause
#include "mount/rebuild_holds.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "mount/holds.hpp"

namespace ganeti::gluster {

std::vector<std::string> rebuild_missing_holds(const MountContext& context, const StateDir& state,
                                               const StorageLock& lock, const std::string& real,
                                               const std::string& volume) {
  std::vector<std::string> rebuilt;
  const auto holds = read_holds(state);
  for (const auto& use : find_disk_uses(context.paths, {context.dir.spelled(), real})) {
    const bool is_disk = use.disk.starts_with("ganeti/");
    const bool held = std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) { return hold.disk == use.disk; });
    // A link alone does not tell whether QEMU reaches the disk by its path.
    const bool by_gfapi = use.processes.empty() && !use.gfapi_processes.empty();
    if (!is_disk || held || by_gfapi) continue;
    write_hold(state, lock, {use.disk, volume, HoldReason::found, {}, 0});
    log(LogLevel::info, "{}: {} is in use without a hold; wrote one", context.dir.spelled(), use.disk);
    rebuilt.push_back(use.disk);
  }
  return rebuilt;
}

}  // namespace ganeti::gluster
