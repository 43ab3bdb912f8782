// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

#include "base/deadline.hpp"

namespace ganeti::gluster {

/// What one address of a server was found to do on its volfile port.
struct ServerReach {
  std::string host;
  std::string address;    ///< empty: the name does not resolve
  int error = 0;          ///< of connect: 0, ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ...
  bool answered = false;  ///< it answered a question, and so is no mute server
};

enum class Await { all, first_server };

/// Connects to every address of every server at once and asks each which programs it serves, without
/// waiting beyond @p deadline; with Await::first_server only until the first server answered. A glusterd
/// that wants TLS even for management accepts and does not answer.
[[nodiscard]] std::vector<ServerReach> reach_servers(const GlusterVolume& volume, const Deadline& deadline,
                                                     Await await = Await::all);

/// The same volume with servers that answer before those that do not: glusterfs waits 45 s for a
/// server that swallows packets, and never gives up one that accepts and stays mute.
[[nodiscard]] GlusterVolume with_answering_servers_first(const GlusterVolume& volume, const Deadline& deadline);

}  // namespace ganeti::gluster
