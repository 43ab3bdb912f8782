// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What stands at a disk's path.
struct ImageAttributes {
  bool is_regular = false;
  std::uint64_t size_bytes = 0;       ///< apparent size, what a guest sees
  std::uint64_t allocated_bytes = 0;  ///< taken on one copy of the volume
  unsigned mode = 0;                  ///< permission bits
  std::uint64_t inode = 0;            ///< the same for all names of one file
  std::uint64_t links = 1;            ///< how many names it has
};

/// Sizes of the volume in bytes, as statvfs gives them: of one copy, and divided by the number of
/// bricks that share one file system.
struct VolumeSpace {
  std::uint64_t size_bytes = 0;
  std::uint64_t free_bytes = 0;  ///< for images; what the bricks keep in reserve is not in it
  std::uint64_t used_bytes = 0;  ///< by whatever lies on the bricks' file systems
};

/// What lies in the folder of disks.
struct ImageTotals {
  std::uint64_t count = 0;
  std::uint64_t size_bytes = 0;  ///< apparent sizes together: what all of it takes once it is written to
};

/// One open image. Every function throws ImageError with the errno of what failed, and MountError
/// if the volume stopped answering.
class GANETI_GLUSTER_API ImageFile {
 public:
  virtual ~ImageFile();

  /// GlusterFS's client may answer from what it saw within the last second; after sync() it asks.
  [[nodiscard]] virtual ImageAttributes attributes() = 0;
  virtual void truncate(std::uint64_t size_bytes) = 0;
  virtual void set_mode(unsigned mode) = 0;
  /// Writes an extended attribute, in place of the old one if there is one.
  virtual void set_attribute(const char* name, const std::string& value) = 0;
  /// Reserves space for a range, which becomes part of the file. @throws ImageError (EOPNOTSUPP)
  virtual void allocate(std::uint64_t offset, std::uint64_t length) = 0;
  /// Writes zeros over a range, which becomes part of the file.
  virtual void write_zeros(std::uint64_t offset, std::uint64_t length) = 0;
  /// Fills the buffer from the volume, not from what the node remembers.
  /// @returns how many bytes there were: fewer only at the end of the file.
  [[nodiscard]] virtual std::size_t read(std::uint64_t offset, std::span<char> buffer) = 0;
  /// Writes all of it, which becomes part of the file, and lets the node remember nothing of it.
  virtual void write(std::uint64_t offset, std::span<const char> bytes) = 0;
  /// Gives the space of a range back, which reads as zeros then. @throws ImageError (EOPNOTSUPP)
  virtual void punch(std::uint64_t offset, std::uint64_t length) = 0;
  /// Where the first data at or behind @p offset is, more than any file's size if there is none; what
  /// lies before it reads as zeros. What this file has written since sync() may be missed.
  /// @returns nothing if the volume cannot tell.
  [[nodiscard]] virtual std::optional<std::uint64_t> find_data(std::uint64_t offset) = 0;
  /// Durable when it returns: data, size, mode, attributes, and the names that it was given or lost.
  /// GlusterFS answers the fsync of a folder without doing anything; the journals of the bricks' file
  /// systems keep a file's names with the file.
  virtual void sync() = 0;
  /// Takes the lock of whoever creates or grows the image, which all clients of the volume see and
  /// which is not in the way of QEMU's locks. It goes a moment after the file is closed.
  /// @returns false if somebody else has it.
  [[nodiscard]] virtual bool try_lock() = 0;
};

/// Where images live and how they are reached. All functions throw MountError if the volume does
/// not answer, and ImageError with an errno otherwise; no path ever leads out of the volume.
class GANETI_GLUSTER_API ImageStore {
 public:
  virtual ~ImageStore();

  /// What stands at the path itself, symlinks not followed; nothing if it is absent. What another node
  /// changed within the last second may not be seen yet: GlusterFS's client remembers for so long.
  /// Takes some seconds if what it remembers is gone, and fails with ESTALE if that does not end.
  /// @throws MountError (unreachable) instead of "absent" where bricks on which it may lie are down.
  [[nodiscard]] virtual std::optional<ImageAttributes> find(const DiskPath& disk) = 0;
  /// An extended attribute of an image; nothing if it has none.
  /// @throws ImageError (ENOENT, not_an_image)
  [[nodiscard]] virtual std::optional<std::string> find_attribute(const DiskPath& disk, const char* name) = 0;
  /// Names in the folder of disks, in no order; none if there is no folder.
  [[nodiscard]] virtual std::vector<std::string> list() = 0;
  /// Looks at all that lies there, one after the other.
  [[nodiscard]] virtual ImageTotals totals() = 0;
  /// Opens an existing image for changes. @throws ImageError (ENOENT, not_an_image)
  [[nodiscard]] virtual std::unique_ptr<ImageFile> open(const DiskPath& disk) = 0;
  /// The same for reading only; nothing of what is read stays in memory, where the volume can do that.
  [[nodiscard]] virtual std::unique_ptr<ImageFile> open_for_reading(const DiskPath& disk) = 0;
  /// Creates an image of size 0 exclusively, and the folder of disks if it is missing.
  /// @throws ImageError (EEXIST)
  [[nodiscard]] virtual std::unique_ptr<ImageFile> create(const DiskPath& disk, unsigned mode) = 0;
  /// Gives an image a second name, which must be free. @throws ImageError (EEXIST, not_an_image)
  virtual void link(const DiskPath& from, const DiskPath& to) = 0;
  /// @returns whether there was something. @throws ImageError (not_an_image)
  virtual bool remove(const DiskPath& disk) = 0;
  /// Asks the volume for its sizes; no file is looked at.
  [[nodiscard]] virtual VolumeSpace space() = 0;
  /// The disk as messages name it.
  [[nodiscard]] virtual std::string describe(const DiskPath& disk) const = 0;
};

}  // namespace ganeti::gluster
