// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ganeti::gluster {

/// One row of the mount table, as mountinfo says it.
struct MountRow {
  std::int64_t id = 0;
  unsigned device_major = 0;
  unsigned device_minor = 0;
  std::string root;  ///< directory of the file system that is mounted: "/" unless it is a bind mount
  std::string target;
  std::string source;
  std::string type;
  bool is_read_only = false;
};

inline constexpr const char* gluster_type = "fuse.glusterfs";

/// Reads a mountinfo file, without touching any mount. @throws Error
[[nodiscard]] std::vector<MountRow> read_mount_table(const std::string& file = "/proc/self/mountinfo");

/// Version of libmount, as it was loaded.
[[nodiscard]] std::string libmount_version();

/// Runs mount.glusterfs(8) and returns its exit status, or one of mount(8)'s own. What it prints
/// goes to standard error. Waits as long as it takes: only for a child that its parent can kill.
[[nodiscard]] int run_mount_helper(const std::string& source, const std::string& target, const std::string& options);

/// Unmounts the topmost mount of @p target (a path without symlinks), looking at no file system.
/// A lazy unmount detaches a mount whose client is gone.
/// @returns 0 or an errno: EBUSY and EINVAL (not mounted) are normal answers.
[[nodiscard]] int unmount_once(const std::string& target, bool lazy);

}  // namespace ganeti::gluster
