// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <utility>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// Where Ganeti may keep disks in files: the list that a node's admin keeps in file-storage-paths,
/// and prefixes that are forbidden whatever it says.
///
/// The rules and the messages are Ganeti's (Ganeti: storage/filestorage.py), on paths as Ganeti
/// spells them: no symlink is resolved here. That images cannot leave the volume by a symlink is
/// the image store's promise. Thread-safe: nothing is kept but the name of the list.
class GANETI_GLUSTER_API PathPolicy {
 public:
  /// @param allowed_paths_file is read anew by each check (see NodePaths::file_storage_paths_file).
  explicit PathPolicy(std::string allowed_paths_file) : file_(std::move(allowed_paths_file)) {}

  /// Returns if a path is strictly below an allowed one. A list that cannot be read allows nothing;
  /// relative paths in it are passed over, with a message at level info.
  /// @throws PathPolicyError (path_not_allowed) whose `text().why` is Ganeti's message.
  void check(const std::string& path) const { check(path, false); }

  /// Returns if a folder is an allowed path itself or below one.
  /// @throws PathPolicyError (path_not_allowed), as check.
  void check_folder(const std::string& path) const { check(path, true); }

  /// Whether a path is relative, or equal to or below a prefix that file storage must not use, such
  /// as /etc or /usr/lib.
  [[nodiscard]] static bool is_forbidden(const std::string& path);

 private:
  void check(const std::string& path, bool exact_match_ok) const;

  std::string file_;
};

}  // namespace ganeti::gluster
