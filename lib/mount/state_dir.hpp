// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>

#include "base/record.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// The folder that keeps what this node knows about one storage dir: lock, verified mount, last
/// failure, holds. Root-owned, 0700, named by the storage dir's escaped real path.
class StateDir {
 public:
  /// Opens the folder, creating it if missing. @throws MountError
  StateDir(const std::string& base, const std::string& real_path);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  void remove(const std::string& name) const noexcept;

  /// Visits the names of the files in the folder itself.
  void for_each_file(const std::function<void(const std::string&)>& visit) const;

  /// Removes what processes that were killed had begun to write.
  void remove_abandoned() const;

  /// Visits the records of one sub folder; what is no record is passed over.
  void for_each_record(const std::string& folder, const std::function<void(const Record&)>& visit) const;

 private:
  std::string path_;
  UniqueFd fd_;
};

namespace state_file {
inline constexpr const char* lock = "lock";        ///< flock of the storage dir, and who has it
inline constexpr const char* mount = "mount";      ///< the verified mount (MountRecord)
inline constexpr const char* attempt = "attempt";  ///< a mount attempt under way
inline constexpr const char* failure = "failure";  ///< the last attempt that failed
inline constexpr const char* release = "release";  ///< a release found the mount busy, and is still to be done
inline constexpr const char* holds = "holds";      ///< folder, one record a disk
}  // namespace state_file

}  // namespace ganeti::gluster
