// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/image_store.hpp>

namespace ganeti::gluster {

/// An image that is to become larger, and how.
struct SpaceNeed {
  std::string subject;               ///< the image as messages name it
  const char* failed = "";           ///< what is not done then: "cannot create the image"
  std::uint64_t size_bytes = 0;      ///< size that the image is to have
  std::uint64_t old_bytes = 0;       ///< size that it has
  std::uint64_t unfilled_bytes = 0;  ///< what it would take to fill it
};

/// Judges whether the volume has room, by the volume's own numbers.
/// @throws ImageError (ENOSPC) if the image would be larger than the whole volume, or if what is to
/// be preallocated, or not to be overcommitted, is more than what is free.
void check_space(ImageStore& store, const SpaceNeed& need, const SpaceOptions& options);

/// Takes the space of what is new of the file, which has its new size already (a sharded volume finds
/// what was taken by the size), in chunks that the volume can do within its time limits. Asks for
/// free space before each: bricks keep what they took for a chunk that did not fit.
/// @throws ImageError (ENOSPC, EOPNOTSUPP, ...), MountError, and what options.progress throws
void take_space(ImageStore& store, ImageFile& file, const SpaceNeed& need, const SpaceOptions& options);

}  // namespace ganeti::gluster
