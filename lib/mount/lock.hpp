// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "base/deadline.hpp"
#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "mount/state_dir.hpp"

namespace ganeti::gluster {

/// Who has a lock, as far as it wrote it down.
struct LockHolder {
  ProcessId process;
  std::string command;
  std::int64_t seconds = 0;  ///< since it took the lock
};

/// The lock of one storage dir, held around check, mount, verify, hold changes and unmount, never
/// around work on disks. Ends with its owner, whatever way that ends.
class StorageLock {
 public:
  /// @throws MountError (lock_timeout) naming the holder.
  static StorageLock acquire(const StateDir& state, const std::string& storage_dir, const Deadline& deadline);
  /// @returns nothing if somebody else has it.
  static std::optional<StorageLock> try_acquire(const StateDir& state);
  /// @returns nothing if nobody has it. Does not take the lock itself, not even for a moment, unless
  /// whoever wrote its name there was killed.
  static std::optional<LockHolder> holder(const StateDir& state);

  StorageLock(StorageLock&&) noexcept = default;
  StorageLock& operator=(StorageLock&&) = delete;
  ~StorageLock();

  /// For the child that runs the mount helper: it must keep the lock if its parent is killed.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  explicit StorageLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace ganeti::gluster
