// SPDX-License-Identifier: BSD-2-Clause
#pragma once

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

/// The sizes of that volume, in the same number of steps however many images it has. Mounts it if need be, for as
/// long as that takes. Never those of another file system: what else stands on the storage dir is an error.
/// @throws what report_volume and Mounter::ensure_mounted throw
[[nodiscard]] GANETI_GLUSTER_API SpaceReport report_space(const Mounter& mounter);

}  // namespace ganeti::gluster
