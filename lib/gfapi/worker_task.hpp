// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/volume/volume.hpp>

#include "base/key_values.hpp"

namespace ganeti::gluster {

/// Which volume a worker is to connect to, and how.
struct WorkerTask {
  GlusterVolume volume;  ///< with what the settings add
  std::string log_level;
  std::chrono::milliseconds connect_timeout{};
  NodePaths paths;  ///< of what lies there only learned servers, nodes of the cluster and the log are its business

  WorkerTask(const GlusterVolume& asked, const VolumeSettings& settings, NodePaths node_paths);

  [[nodiscard]] KeyValues values() const;
  /// The same text means the same connection.
  [[nodiscard]] std::string format() const { return values().format(); }
  /// @throws VolumeError
  [[nodiscard]] static WorkerTask parse(std::string_view text);

 private:
  WorkerTask(GlusterVolume exact, std::string level, std::chrono::milliseconds limit, NodePaths node_paths);
};

/// The log of all workers of a node, without ".log".
constexpr const char* worker_log_name = "ganeti-gluster-gfapi";

}  // namespace ganeti::gluster
