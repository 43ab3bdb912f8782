// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/storage/volume_access.hpp>

#include "options.hpp"

namespace ganeti::gluster::tool {

/// This node as a command finds it: in the mount namespace that counts, with its settings.
struct Node {
  /// @throws ArgumentError, before anything is touched; MountError (wrong_namespace), SettingsError
  explicit Node(const Options& options);

  /// The volume of `--volume`; without it the settings' default volume, or else the one that this node
  /// reports on. @throws SettingsError if there is none, or more than one.
  [[nodiscard]] GlusterVolume volume() const;
  /// That volume with the servers, subdir and transport of its settings. @throws as volume(), VolumeError
  [[nodiscard]] GlusterVolume volume_with_settings() const;
  /// That volume for work on its images, which needs no path. An admin's command tries to mount at once, if it has to;
  /// Ganeti's requests wait after a failure. @throws as volume()
  [[nodiscard]] VolumeAccess reach_volume() const { return {mounter, volume(), DiskAccess::userspace, Retry::at_once}; }
  /// That volume, mounted. @throws as volume(), and what Mounter::ensure_mounted throws.
  [[nodiscard]] Lease mount() const { return mounter.ensure_mounted(volume(), Retry::at_once); }

  std::optional<GlusterVolume> named_volume;
  NodePaths paths;
  std::string storage_dir;
  Settings settings;
  Mounter mounter;
};

}  // namespace ganeti::gluster::tool
