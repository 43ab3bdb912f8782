// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// The volumes that this node has mounted on one storage dir, as Ganeti's parameters gave them, the last one
/// first. Kept across boots by the storage dir's name, since /run has no folders yet after one; best effort,
/// never an error.
[[nodiscard]] std::vector<GlusterVolume> read_used_volumes(const std::string& persistent_dir,
                                                           const std::string& storage_dir);

/// Notes that @p volume was used last. @param is_same tells which of the known ones it is under other parameters,
/// such as a server that has been replaced: it takes their place.
void remember_used_volume(const std::string& persistent_dir, const std::string& storage_dir,
                          const GlusterVolume& volume, const std::function<bool(const GlusterVolume&)>& is_same);

}  // namespace ganeti::gluster
