// SPDX-License-Identifier: BSD-2-Clause
// What mount.glusterfs(8) can be told about a volume. It is a shell script, and reads less than
// GlusterFS does: it drops hosts of 64 characters and more without a word, and it has no way to ask
// for IPv6, so that a name is looked up as IPv4 only.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ganeti-gluster/volume/volume.hpp>

#include "volume/fuse_hosts.hpp"
#include "volume/host.hpp"
#include "volume/port.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::size_t longest_host = 63;

bool can_pass_name(const Server& server) {
  const auto& addresses = server.addresses;
  const bool only_ipv6 = !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), is_ipv6);
  return server.host.size() <= longest_host && !only_ipv6;
}

// IPv4 first, as GlusterFS does unless a volume says otherwise.
std::optional<std::string> find_best_address(const Server& server) {
  const auto& addresses = server.addresses;
  if (addresses.empty()) return std::nullopt;
  const auto ipv4 = std::find_if_not(addresses.begin(), addresses.end(), is_ipv6);
  return ipv4 == addresses.end() ? addresses.front() : *ipv4;
}

// Servers as the helper gets them, none twice: glusterfs refuses a server that it has already
// ("failed to set volfile server: File exists"). A server is left out if all its addresses are
// those of earlier ones; one that adds an address is worth its place.
std::vector<std::string> distinct_hosts(const std::vector<Server>& servers) {
  std::vector<std::string> hosts;
  std::vector<std::string> known;
  const auto has = [](const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  const auto is_known = [&](const std::string& address) { return has(known, address); };
  for (auto server : servers) {
    const auto name = can_pass_name(server) ? std::optional(server.host) : std::nullopt;
    const bool resolved = !server.addresses.empty();
    auto& addresses = server.addresses;
    addresses.erase(std::remove_if(addresses.begin(), addresses.end(), is_known), addresses.end());
    if (resolved && addresses.empty()) continue;
    const auto host = name ? name : find_best_address(server);
    if (!host || has(hosts, *host)) continue;
    hosts.push_back(*host);
    known.insert(known.end(), addresses.begin(), addresses.end());
  }
  return hosts;
}

}  // namespace

std::vector<std::string> fuse_hosts(const GlusterVolume& volume) {
  const auto fail = [&](Errc code, const char* why, const char* cure) {
    throw VolumeError(code, {"volume " + volume.to_string(), "cannot mount it", why, cure});
  };
  if (volume.transport() == Transport::unix_socket) {
    fail(Errc::unsupported_transport, "mount.glusterfs(8) cannot be given a unix socket",
         "set transport = \"tcp\" in the settings, or use the volume without a mount (gluster:access=userspace)");
  }
  auto hosts = distinct_hosts(volume.servers());
  if (hosts.empty()) {
    fail(Errc::resolve_failed,
         "mount.glusterfs(8) takes no host name of more than 63 characters, and no address of any server is known",
         "see that the names resolve, or give a shorter name or an IP address (gluster:host)");
  }
  return hosts;
}

std::string GlusterVolume::fuse_source() const {
  // Unlike everywhere else without brackets: the helper passes them on, and glusterfs looks them up.
  // One list and no option backup-volfile-servers, which costs the helper a dozen processes more.
  return fmt::format("{}:/{}", fmt::join(fuse_hosts(*this), ","), name_with_subdir());
}

std::vector<std::string> GlusterVolume::fuse_options() const {
  if (transport_ == Transport::unix_socket) return {};
  std::vector<std::string> options;
  if (port_ != default_port) options.push_back(fmt::format("server-port={}", port_));
  return options;
}

}  // namespace ganeti::gluster
