// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// Why a hold was written.
enum class HoldReason {
  assembled,  ///< Ganeti assembled the disk
  opened,     ///< Ganeti opened the disk
  found,      ///< rebuilt from what was in use when nothing was recorded
  admin,      ///< `ganeti-gluster mount`: keeps the mount, belongs to no disk
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(HoldReason reason);

/// Name of the hold that `ganeti-gluster mount` writes; no disk can have it.
inline constexpr const char* admin_hold = "admin";

/// A record, outside any process, that this node may be using a disk's path.
struct Hold {
  std::string disk;    ///< path part of the logical id, `ganeti/<instance-uuid>.<index>`, or admin_hold
  std::string volume;  ///< GlusterVolume::to_string of the mount that it holds
  HoldReason reason = HoldReason::assembled;
  std::string command;  ///< of the process that wrote it
  std::int64_t age_seconds = 0;
};

/// What on this node shows that a disk's path is in use.
struct DiskUse {
  std::string disk;                    ///< path below the storage dir
  std::vector<std::string> links;      ///< names in Ganeti's instance-disks folder, e.g. `inst1.example.com:0`
  std::vector<pid_t> processes;        ///< with the file open, or with its path in their command line
  std::vector<pid_t> gfapi_processes;  ///< with a form in their command line by which QEMU reaches it without the mount

  /// By its path, for which the mount has to stay.
  [[nodiscard]] bool in_use() const noexcept { return !links.empty() || !processes.empty(); }
};

/// A hold, and what supports it.
struct HoldStatus {
  Hold hold;
  DiskUse use;

  /// Nothing on this node uses the disk any more; the hold of an admin never is.
  [[nodiscard]] bool is_stale() const noexcept { return hold.reason != HoldReason::admin && !use.in_use(); }
};

}  // namespace ganeti::gluster
