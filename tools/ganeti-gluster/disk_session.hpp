// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/storage/gluster_storage.hpp>

#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {

/// One disk, for one command, driven as Ganeti drives one in userspace, but below any storage dir: a mount that is
/// there and well is used, otherwise libgfapi. Only where that is not installed, or the settings say so, the volume is
/// mounted; that mount goes with the session unless a hold keeps it.
class DiskSession {
 public:
  /// Touches nothing yet. @throws ArgumentError if @p disk is no disk's name; and what Node throws.
  DiskSession(const Options& options, const std::string& disk);

  [[nodiscard]] GlusterStorage& storage() noexcept { return storage_; }
  [[nodiscard]] std::string path() const { return node_.mounter.storage_dir() + '/' + storage_.disk().text(); }
  [[nodiscard]] std::string volume() const { return storage_.volume().to_string(); }
  /// Of this volume.
  [[nodiscard]] VolumeSettings settings() const { return node_.settings.for_volume(storage_.volume().name()); }
  /// What every command says of the disk.
  [[nodiscard]] Json json() const;

  /// @throws ImageError (EBUSY) if this node uses the disk. What other nodes do cannot be seen.
  void refuse_if_in_use(const char* failed) const;

 private:
  DiskPath disk_;  // first: a mistake in the name is told before anything is touched
  Node node_;
  GlusterStorage storage_;
};

/// Adds the argument DISK, or another one of its kind.
void add_disk_argument(CLI::App& command, std::string& disk, const std::string& name = "DISK");
/// Reads such an argument. @throws ArgumentError
[[nodiscard]] DiskPath disk_argument(const std::string& text);
/// Reads a size argument. @throws ArgumentError
[[nodiscard]] std::int64_t size_argument(const std::string& text);

}  // namespace ganeti::gluster::tool
