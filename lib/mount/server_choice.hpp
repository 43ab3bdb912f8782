// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/volume/volume.hpp>

#include "base/deadline.hpp"
#include "mount/identity.hpp"

namespace ganeti::gluster {

/// The volume with the servers that it named itself when it was last reached by one of its own; not resolved.
[[nodiscard]] GlusterVolume with_learned_servers(const NodePaths& paths, const GlusterVolume& volume);

/// Whom to ask for a volume: the servers that were asked for and those that the volume itself named when it was
/// reached by one of them, the ones that answer first. On a node that never had the volume only the former are known;
/// if none of them answers, the nodes of Ganeti's cluster are asked, which often are Gluster's servers as well.
class ServerChoice {
 public:
  ServerChoice(const NodePaths& paths, const GlusterVolume& volume, const Deadline& deadline);

  /// With all servers that may be tried, resolved.
  [[nodiscard]] const GlusterVolume& volume() const noexcept { return volume_; }
  /// With the servers asked for alone, if others were found in their place; else the same.
  [[nodiscard]] GlusterVolume asked() const { return asked_.empty() ? volume_ : volume_.with_servers(asked_); }
  /// Whether what others than the servers asked for have given us, under the right name, is another
  /// volume as far as can be told: none of its bricks is on any of those.
  [[nodiscard]] bool is_strange(const Identity& identity) const;

 private:
  void ask_cluster_nodes(const NodePaths& paths);

  Deadline deadline_;
  GlusterVolume volume_;
  std::vector<Server> asked_;  // the servers asked for, if others were found in their place
};

}  // namespace ganeti::gluster
