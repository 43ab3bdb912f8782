// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/volume/forms.hpp>

#include "volume/host.hpp"

namespace ganeti::gluster {
namespace {

std::optional<std::string> find_ipv4(const std::vector<Server>& servers) {
  for (const auto& server : servers) {
    const auto& addresses = server.addresses;
    const auto found = std::find_if_not(addresses.begin(), addresses.end(), is_ipv6);
    if (found != addresses.end()) return *found;
  }
  return std::nullopt;
}

// A name whose addresses are known has no IPv4 one, or find_ipv4 would have found it.
std::optional<std::string> find_name(const std::vector<Server>& servers) {
  for (const auto& server : servers) {
    if (server.addresses.empty() && server.host.find('_') == std::string::npos) return server.host;
  }
  return std::nullopt;
}

}  // namespace

std::string ganeti_uri_base(const GlusterVolume& volume) {
  const auto fail = [&](Errc code, const char* why, const char* cure) {
    throw VolumeError(code, {"volume " + volume.to_string(), "cannot write it as a URI for Ganeti", why, cure});
  };
  if (volume.transport() == Transport::unix_socket) {
    fail(Errc::unsupported_transport, "Ganeti wants a host and a port, and a unix socket has none",
         "set transport = \"tcp\" in the settings");
  }
  auto host = find_ipv4(volume.servers());
  if (!host) host = find_name(volume.servers());
  if (!host) {
    fail(Errc::resolve_failed,
         "Ganeti takes neither an IPv6 address nor a name with '_', and no IPv4 address of any server is known",
         "name a server that has an IPv4 address (gluster:host, or servers in the settings), or use "
         "gluster:access=kernelspace");
  }
  return fmt::format("gluster://{}:{}/{}", *host, volume.port(), volume.name_with_subdir());
}

}  // namespace ganeti::gluster
