// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace ganeti::gluster {

/// Servers that a volume named when it was last mounted, and those that it was asked from: they may bring
/// it up when those that Ganeti knows are down. By name alone: see ServerChoice for whose they are. Kept across boots,
/// one file a volume; best effort, never an error.
[[nodiscard]] std::vector<std::string> read_learned_servers(const std::string& persistent_dir,
                                                            const std::string& volume);
void write_learned_servers(const std::string& persistent_dir, const std::string& volume,
                           const std::vector<std::string>& hosts);

}  // namespace ganeti::gluster
