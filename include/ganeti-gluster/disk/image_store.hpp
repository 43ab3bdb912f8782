// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What stands at a disk's path.
struct ImageAttributes {
  bool is_regular = false;
  std::uint64_t size_bytes = 0;       ///< apparent size, what a guest sees
  std::uint64_t allocated_bytes = 0;  ///< taken on one copy of the volume
  unsigned mode = 0;                  ///< permission bits
};

/// Sizes of the volume in bytes, as statvfs gives them: of one copy, and divided by the number of
/// bricks that share one file system.
struct VolumeSpace {
  std::uint64_t size_bytes = 0;
  std::uint64_t free_bytes = 0;
};

/// One open image. Every function throws ImageError with the errno of what failed.
class GANETI_GLUSTER_API ImageFile {
 public:
  virtual ~ImageFile();

  [[nodiscard]] virtual ImageAttributes attributes() = 0;
  virtual void truncate(std::uint64_t size_bytes) = 0;
  virtual void set_mode(unsigned mode) = 0;
  /// Durable, data and size, when it returns.
  virtual void sync() = 0;
  /// Takes the creator's lock, which all clients of the volume see, until the file is closed.
  /// @returns false if somebody else has it.
  [[nodiscard]] virtual bool try_lock() = 0;
};

/// Where images live and how they are reached. All functions throw MountError if the volume does
/// not answer, and ImageError with an errno otherwise; no path ever leads out of the volume.
class GANETI_GLUSTER_API ImageStore {
 public:
  virtual ~ImageStore();

  /// What stands at the path itself, symlinks not followed; nothing if it is absent.
  [[nodiscard]] virtual std::optional<ImageAttributes> find(const DiskPath& disk) = 0;
  /// Opens an existing image for changes. @throws ImageError (ENOENT, not_an_image)
  [[nodiscard]] virtual std::unique_ptr<ImageFile> open(const DiskPath& disk) = 0;
  /// Creates an image of size 0 exclusively, and the folder of disks if it is missing.
  /// @throws ImageError (EEXIST)
  [[nodiscard]] virtual std::unique_ptr<ImageFile> create(const DiskPath& disk, unsigned mode) = 0;
  /// @returns whether there was something. @throws ImageError (not_an_image)
  virtual bool remove(const DiskPath& disk) = 0;
  /// Makes creations and removals in the folder of disks durable.
  virtual void sync_folder() = 0;
  [[nodiscard]] virtual VolumeSpace space() = 0;
  /// The disk as messages name it.
  [[nodiscard]] virtual std::string describe(const DiskPath& disk) const = 0;
};

}  // namespace ganeti::gluster
