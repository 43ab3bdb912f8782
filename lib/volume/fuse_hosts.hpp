// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// The servers as mount.glusterfs(8) takes them, IPv6 without brackets; at least one.
/// @throws VolumeError as GlusterVolume::fuse_source
[[nodiscard]] std::vector<std::string> fuse_hosts(const GlusterVolume& volume);

}  // namespace ganeti::gluster
