// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What can be told about a complete image.
struct ImageInfo {
  std::uint64_t size_bytes = 0;       ///< apparent size, what a guest sees
  std::uint64_t allocated_bytes = 0;  ///< taken on one copy of the volume
};

/// Works on the one image that backs a disk, in whatever store it lies.
class GANETI_GLUSTER_API FileDeviceHelper {
 public:
  /// @param store must outlive the helper.
  FileDeviceHelper(ImageStore& store, DiskPath disk);

  /// Creates the image, sparse, mode 0600, durable when it returns. Exclusive: an existing image is
  /// never opened, truncated or replaced; what a killed creation left behind is taken over.
  /// A failure leaves no image, a kill leaves none or an unfinished one.
  /// @param size_mib in MiB, at least 1.
  /// @throws ImageError (EEXIST, invalid_size, ENOSPC if larger than the whole volume, ...)
  void create(std::int64_t size_mib);

  /// @returns false only if the volume answered that there is no such image.
  /// @throws ImageError (not_an_image, unfinished_image), MountError
  [[nodiscard]] bool exists();

  /// @throws ImageError (ENOENT, not_an_image, unfinished_image), MountError
  [[nodiscard]] ImageInfo info();

  /// Apparent size in bytes; as info().
  [[nodiscard]] std::uint64_t size();

  /// Makes the image larger by @p amount_mib MiB (0 is allowed). Never shrinks. Durable when it
  /// returns. With @p dry_run everything is checked and nothing changed.
  /// @throws ImageError (invalid_size, ENOENT, not_an_image, unfinished_image, EFBIG, ...)
  void grow(std::int64_t amount_mib, bool dry_run = false);

  /// Removes the image, unfinished ones too. Idempotent; durable when it returns.
  /// @returns whether there was one. @throws ImageError (not_an_image), MountError
  bool remove();

 private:
  [[nodiscard]] std::unique_ptr<ImageFile> create_or_take_over();
  [[nodiscard]] std::optional<ImageAttributes> find_complete();
  [[noreturn]] void fail(std::error_code code, const char* failed, const char* why, const char* cure) const;

  ImageStore& store_;
  DiskPath disk_;
};

}  // namespace ganeti::gluster
