// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/fuse_store.hpp>

#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {

/// One disk on a mounted volume, for one command; the mount goes with it unless a hold keeps it.
class DiskSession {
 public:
  /// @throws ArgumentError if @p disk is no disk's name; and what Mounter::ensure_mounted throws.
  DiskSession(const Options& options, const std::string& disk);
  DiskSession(const DiskSession&) = delete;  // its parts refer to each other
  DiskSession& operator=(const DiskSession&) = delete;

  [[nodiscard]] const std::string& disk() const noexcept { return disk_.text(); }
  [[nodiscard]] std::string path() const { return store_.describe(disk_); }
  [[nodiscard]] const Mounter& mounter() const noexcept { return node_.mounter; }
  [[nodiscard]] FileDeviceHelper& image() noexcept { return image_; }
  /// What every command says of the disk.
  [[nodiscard]] Json json() const;

 private:
  DiskPath disk_;
  Node node_;
  Lease lease_;
  FuseStore store_;
  FileDeviceHelper image_;
};

/// Adds the argument DISK.
void add_disk_argument(CLI::App& command, std::string& disk);
/// Reads a size argument. @throws ArgumentError
[[nodiscard]] std::int64_t size_argument(const std::string& text);

}  // namespace ganeti::gluster::tool
