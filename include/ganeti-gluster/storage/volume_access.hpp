// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// Who reads a disk for a guest (Ganeti's disk parameter `access`).
enum class DiskAccess {
  kernelspace,  ///< the kernel, by the image's path below the mount
  userspace,    ///< the hypervisor itself, by libgfapi: nothing needs the mount
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(DiskAccess access);

/// A volume, and the one way in which its images are reached. What that is, is decided here and nowhere else, by
/// VolumeSettings::image_store: the mount if it is there and well, else libgfapi, else mounting.
///
/// What stands on the storage dir counts in kernelspace: a mount that is dead is replaced, and what should not be there
/// is an error, as the disk's path could not be used. In userspace neither is looked at. Where libgfapi does not
/// connect, kernelspace mounts after all; userspace does so only if the program for libgfapi is not installed.
/// Move-only. Not thread-safe.
class GANETI_GLUSTER_API VolumeAccess {
 public:
  /// Reaches for nothing yet.
  VolumeAccess(Mounter mounter, GlusterVolume volume, DiskAccess access = DiskAccess::kernelspace,
               Retry retry = Retry::when_due);
  VolumeAccess(VolumeAccess&&) noexcept;
  VolumeAccess& operator=(VolumeAccess&&) noexcept;
  ~VolumeAccess();

  /// Where the images are, until the next call of another function. Decided by the first call; a mount that is lost
  /// since then fails what is done with it.
  /// @throws what Mounter::ensure_mounted throws; MountError (connect_failed)
  [[nodiscard]] ImageStore& store();
  /// Gives a mount back whose client is gone, so that the next call of store decides anew.
  void forget_lost_mount();
  /// The volume, mounted whatever the access; from now on its images are reached by that mount.
  /// @throws what Mounter::ensure_mounted throws
  const Lease& mount();
  /// The mount by which images are reached; none if it is libgfapi, or not decided yet.
  [[nodiscard]] const Lease* lease() const noexcept;
  /// Gives a mount back, and forgets what was decided.
  void release();

  [[nodiscard]] const Mounter& mounter() const noexcept;
  [[nodiscard]] const GlusterVolume& volume() const noexcept;
  [[nodiscard]] DiskAccess access() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganeti::gluster
