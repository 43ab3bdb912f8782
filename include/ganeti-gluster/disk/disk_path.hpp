// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// The path part of a disk's logical id, parsed and checked: `ganeti/<instance-uuid>.<index>`.
///
/// It names a file below the volume's root, not an owner: Ganeti moves disks between instances
/// without renaming them (Ganeti: cmdlib/instance_storage.py, GenerateDiskTemplate).
class GANETI_GLUSTER_API DiskPath {
 public:
  /// @throws ImageError (invalid_disk) unless @p text is exactly of that form: a lower case UUID
  /// and an index without leading zeros. Nothing else can be a path to anywhere.
  explicit DiskPath(std::string_view text);

  /// The whole path, relative to the volume's root (or subdir).
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The one folder of all disks.
  [[nodiscard]] static std::string folder() { return "ganeti"; }
  /// The file's name in that folder.
  [[nodiscard]] std::string file_name() const { return text_.substr(folder().size() + 1); }

  [[nodiscard]] friend bool operator==(const DiskPath&, const DiskPath&) = default;

 private:
  std::string text_;
};

}  // namespace ganeti::gluster
