// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/hold.hpp>

namespace ganeti::gluster {

/// The row of the mount table that stands on top of the storage dir.
struct RowStatus {
  std::int64_t mount_id = 0;
  std::string type;
  std::string source;
  std::size_t depth = 1;  ///< mounts stacked on the storage dir, this one included
  bool is_read_only = false;
};

struct ProcessStatus {
  pid_t pid = 0;
  char state = '?';  ///< letter of proc(5)
  std::int64_t age_seconds = 0;
  std::string command;
};

enum class MountState { not_mounted, well, other, cannot_tell, unreachable, hung, dead };
/// `not mounted`, `well`, ...
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(MountState state);

/// The last mount attempt that failed.
struct FailureStatus {
  std::string volume;
  std::string code;  ///< code_name
  std::string message;
  std::int64_t age_seconds = 0;
};

struct MountStatus {
  std::string storage_dir;  ///< as Ganeti spells it
  std::string real_path;    ///< as the mount table spells it; empty if its parent does not exist
  MountState state = MountState::not_mounted;
  std::string detail;                                    ///< why, if it is not well
  std::string cure;                                      ///< what the admin can do, if it is not well
  std::optional<std::chrono::microseconds> answer_time;  ///< of the volume's root, if it is well
  std::optional<RowStatus> row;
  std::string volume;     ///< of the verified mount, as it was asked for; empty if not verified
  std::string volume_id;  ///< UUID, if Gluster told it
  std::optional<ProcessStatus> client;
  std::vector<HoldStatus> holds;
  std::vector<DiskUse> uses;                     ///< each disk that has a link or a process, held or not
  std::optional<ProcessStatus> lock_holder;      ///< age: since it took the lock
  std::optional<ProcessStatus> abandoned_child;  ///< a probe that waits for the mount; age: since it started
  std::optional<FailureStatus> last_failure;
  std::vector<std::string> stray_files;  ///< in the bare directory, while nothing is mounted on it
};

}  // namespace ganeti::gluster
