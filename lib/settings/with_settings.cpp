// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/settings/settings.hpp>

namespace ganeti::gluster {

GlusterVolume with_settings(const GlusterVolume& volume, const VolumeSettings& settings) {
  VolumeParameters parameters;
  parameters.port = volume.port();
  parameters.volume = volume.name();
  parameters.subdir = volume.subdir().empty() ? settings.subdir : volume.subdir();
  if (volume.transport() == Transport::tcp && settings.transport == Transport::tcp) {
    return GlusterVolume(parameters).with_servers(volume.servers()).with_more_servers(settings.servers);
  }
  parameters.transport = Transport::unix_socket;
  parameters.servers = settings.servers;  // Ganeti's host is a name, and a socket has none
  if (volume.transport() == Transport::unix_socket) parameters.servers = {volume.servers().front().host};
  return GlusterVolume(parameters);
}

}  // namespace ganeti::gluster
