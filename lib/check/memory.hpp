// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ganeti-gluster/check/finding.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// What is remembered of one kind of finding.
struct RememberedFinding {
  std::string code;
  std::string probe;  ///< which found it last
  Severity severity = Severity::ok;
  std::uint64_t extent = 0;
  std::int64_t since = 0;              ///< seconds since 1970; 0: it is not there now
  std::vector<std::int64_t> appeared;  ///< when it came up within the last day, oldest first
};

/// What a node keeps of the findings on one storage dir between checks and boots, for root alone.
class FindingMemory {
 public:
  /// @throws Error if the folder cannot be used, MountError if the storage dir is no absolute path.
  FindingMemory(const NodePaths& paths, const std::string& storage_dir);

  /// Keeps others from changing anything for as long as the result lives. @throws Error
  [[nodiscard]] UniqueFd lock() const;

  /// @throws Error if there are some and they cannot be read.
  [[nodiscard]] std::vector<RememberedFinding> findings() const;
  /// @throws Error if there are some and they cannot be read.
  [[nodiscard]] std::vector<Mute> mutes() const;

  // Both need the lock, and leave a file alone that says the same already. @throws Error
  void keep_findings(const std::vector<RememberedFinding>& findings) const;
  void keep_mutes(const std::vector<Mute>& mutes) const;

 private:
  std::string lock_file_;
  std::string findings_file_;
  std::string mutes_file_;
};

}  // namespace ganeti::gluster
