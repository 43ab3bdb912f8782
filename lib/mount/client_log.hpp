// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ganeti::gluster {

/// The log that the FUSE client of one mount point writes, and where it ended before an attempt.
class ClientLog {
 public:
  /// Same file that mount.glusterfs(8) chooses by itself: the mount point with '-' for '/'.
  ClientLog(const std::string& log_dir, const std::string& mount_point);

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Causes written since construction by the client that was started last: newest first, without
  /// time stamps, source positions and repetitions.
  [[nodiscard]] std::vector<std::string> causes() const;

 private:
  std::string path_;
  std::int64_t start_ = 0;
};

/// The causes in a piece of a client's log; see ClientLog::causes.
[[nodiscard]] std::vector<std::string> parse_causes(const std::string& log);

}  // namespace ganeti::gluster
