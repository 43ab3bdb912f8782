// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What a node reports of the volume that belongs to a storage dir.
struct SpaceReport {
  GlusterVolume volume;
  VolumeSpace space;
};

/// The volume that a request is about which names the storage dir alone, as Ganeti's list-storage does: that of the
/// verified mount, else the settings' default volume, else the only one that this node has mounted there.
/// Asks no mount and no server.
/// @throws SettingsError (invalid_settings) if there is none, or more than one; MountError (unsafe_storage_dir)
[[nodiscard]] GANETI_GLUSTER_API GlusterVolume report_volume(const Mounter& mounter);

/// The sizes of that volume, in the same number of steps however many images it has. Of a volume that is not mounted
/// libgfapi tells (VolumeAccess). Never those of another file system: what else stands on the storage dir is an error.
/// @throws what report_volume and VolumeAccess::store throw
[[nodiscard]] GANETI_GLUSTER_API SpaceReport report_space(const Mounter& mounter);

/// What a volume has, and what its images could take of it.
struct UsageReport {
  GlusterVolume volume;
  VolumeSpace space;
  ImageTotals images;

  /// Size of all images together, divided by the volume's: above 1 not all of them can be filled. 0 for a volume
  /// without a size.
  [[nodiscard]] double overcommit() const noexcept {
    const auto size = static_cast<double>(space.size_bytes);
    return size > 0 ? static_cast<double>(images.size_bytes) / size : 0;
  }
};

/// The same volume with all its images, each of which is looked at: for people and for monitoring, not for Ganeti's
/// requests. By libgfapi, mounted or not, so that it ends in time whatever state a mount is in. If the settings say
/// that it is not to be used, or it is not installed: by the mount, if that is there and well. Never mounts.
/// @param limit for connecting, and for each of two calls.
/// @returns nothing if neither can be asked. @throws what report_volume throws; MountError, ImageError
[[nodiscard]] GANETI_GLUSTER_API std::optional<UsageReport> report_usage(const Mounter& mounter,
                                                                         std::chrono::milliseconds limit);

}  // namespace ganeti::gluster
