// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

#include "mount/identity.hpp"

namespace ganeti::gluster {

/// Servers that a volume named when it was last reached, and those that it was asked from: they may bring
/// it up when those that Ganeti knows are down. By name alone: see ServerChoice for whose they are. Kept across boots,
/// one file a volume; best effort, never an error.
[[nodiscard]] std::vector<std::string> read_learned_servers(const std::string& persistent_dir,
                                                            const std::string& volume);
/// @param identity what the volume says of itself; @param asked with the servers that it was asked from.
void learn_servers(const std::string& persistent_dir, const Identity& identity, const GlusterVolume& asked);

}  // namespace ganeti::gluster
