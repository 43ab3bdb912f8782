// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// What stands at the storage dir at one moment, pinned by a descriptor: everything else about it
/// (row, mount id, device) is looked up from that descriptor and so belongs to the same thing.
struct StorageDirView {
  UniqueFd root;  ///< O_PATH: the mount's root, or the bare directory
  std::int64_t mount_id = 0;
  unsigned device_major = 0;
  unsigned device_minor = 0;
  bool is_mount_point = false;
};

/// The storage dir by name: Ganeti's spelling for everything shown and stored, and the real path,
/// whose parent is resolved and whose last component is not, as the mount table spells it.
class StorageDir {
 public:
  /// Normalises as Python's os.path.normpath does; touches nothing.
  /// @throws MountError (unsafe_storage_dir) if the path is relative or "/".
  explicit StorageDir(const std::string& path);

  [[nodiscard]] const std::string& spelled() const noexcept { return spelled_; }
  /// Resolves the parent now. @returns nothing if the parent does not exist. @throws MountError
  [[nodiscard]] std::optional<std::string> real() const;

  /// Looks without blocking, whatever state a mount there is in.
  /// @returns nothing if the storage dir does not exist.
  /// @throws MountError (unsafe_storage_dir) if it is a symlink, (ENOTDIR) if it is no directory.
  [[nodiscard]] std::optional<StorageDirView> look() const;

  /// Creates the bare directory if it is missing, root-owned and not writable by others.
  /// @throws MountError (unsafe_storage_dir) if a parent lets somebody else replace it.
  void create() const;

  /// Whether somebody else may replace the storage dir, as far as it exists: the folders that it lies in.
  /// @throws MountError (unsafe_storage_dir)
  void check_parents() const;

  /// Names in the bare directory that a mount covers. Looks past the mount and asks it nothing.
  /// @throws MountError (errno) if this process may not, for want of CAP_SYS_ADMIN.
  [[nodiscard]] std::vector<std::string> covered_entries() const;

  /// Names in the bare directory: files that were once written past a missing mount.
  [[nodiscard]] static std::vector<std::string> entries(int bare);

 private:
  [[nodiscard]] UniqueFd open_parent() const;

  std::string spelled_;
  std::string parent_;
  std::string name_;
};

}  // namespace ganeti::gluster
