// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ganeti-gluster/volume/volume.hpp>

#include "volume/host.hpp"
#include "volume/port.hpp"
#include "volume/refusal.hpp"
#include "volume/volume_name.hpp"

namespace ganeti::gluster {
namespace {

std::vector<Server> read_servers(const VolumeParameters& parameters) {
  if (parameters.transport == Transport::unix_socket) {
    if (parameters.servers.size() != 1) {
      refuse(socket_part, fmt::format("{}", fmt::join(parameters.servers, ",")),
             "the unix transport has one socket and no other servers");
    }
    return {parse_socket(parameters.servers.front())};
  }
  std::vector<Server> servers;
  add_servers(servers, parameters.servers);
  if (servers.empty()) add_servers(servers, {"127.0.0.1"});
  return servers;
}

std::string read_subdir(const VolumeParameters& parameters, std::string_view after_name) {
  auto subdir = checked_subdir(after_name);
  auto parameter = checked_subdir(parameters.subdir);
  if (subdir.empty()) return parameter;
  if (!parameter.empty() && parameter != subdir) {
    refuse(subdir_part, parameters.subdir, fmt::format("the volume {} names another one", quoted(parameters.volume)));
  }
  return subdir;
}

bool have_common_address(const Server& a, const Server& b) {
  return std::find_first_of(a.addresses.begin(), a.addresses.end(), b.addresses.begin(), b.addresses.end()) !=
         a.addresses.end();
}

Server checked_server(const Server& server, Transport transport) {
  if (transport == Transport::unix_socket) return parse_socket(server.host);
  auto checked = parse_server(server.host);
  for (const auto& address : server.addresses) {
    const auto canonical = find_address(address);
    if (!canonical) refuse(server_part, address, "it is not an IP address");
    checked.addresses.push_back(*canonical);
  }
  std::sort(checked.addresses.begin(), checked.addresses.end());
  checked.addresses.erase(std::unique(checked.addresses.begin(), checked.addresses.end()), checked.addresses.end());
  return checked;
}

}  // namespace

GlusterVolume::GlusterVolume(const VolumeParameters& parameters)
    : servers_(read_servers(parameters)), port_(checked_port(parameters.port)), transport_(parameters.transport) {
  const std::string_view volume = parameters.volume;
  const auto slash = std::min(volume.find('/'), volume.size());
  name_ = checked_volume_name(volume.substr(0, slash));
  subdir_ = read_subdir(parameters, volume.substr(std::min(slash + 1, volume.size())));
  // mount.glusterfs(8) takes snaps/SNAPSHOT/VOLUME as the name of a snapshot, whatever the volumes are called.
  if (name_ == "snaps" && !subdir_.empty()) {
    refuse(subdir_part, subdir_, "under the volume name snaps, mount.glusterfs(8) looks for a snapshot");
  }
}

GlusterVolume GlusterVolume::with_more_servers(const std::vector<std::string>& hosts) const {
  auto copy = *this;
  if (transport_ == Transport::unix_socket && !hosts.empty()) {
    refuse(socket_part, hosts.front(), "the unix transport has one socket and no other servers");
  }
  add_servers(copy.servers_, hosts);
  return copy;
}

GlusterVolume GlusterVolume::with_servers(std::vector<Server> servers) const {
  if (servers.empty()) refuse(server_part, "", "a volume has at least one server");
  auto copy = *this;
  for (auto& server : servers) server = checked_server(server, transport_);
  copy.servers_ = std::move(servers);
  return copy;
}

std::string GlusterVolume::to_string() const {
  std::vector<std::string> hosts;
  for (const auto& server : servers_) {
    hosts.push_back(transport_ == Transport::tcp ? bracketed(server.host) : server.host);
  }
  const bool shows_port = transport_ == Transport::tcp && port_ != default_port;
  return fmt::format("{}{}:/{}", fmt::join(hosts, ","), shows_port ? fmt::format(":{}", port_) : "",
                     name_with_subdir());
}

std::string GlusterVolume::name_with_subdir() const { return subdir_.empty() ? name_ : name_ + "/" + subdir_; }

bool GlusterVolume::same_volume(const GlusterVolume& other) const {
  if (*this == other) return true;
  if (name_ != other.name_ || subdir_ != other.subdir_ || transport_ != other.transport_ || port_ != other.port_) {
    return false;
  }
  return std::any_of(servers_.begin(), servers_.end(), [&](const Server& mine) {
    return std::any_of(other.servers_.begin(), other.servers_.end(), [&](const Server& theirs) {
      return mine.host == theirs.host || have_common_address(mine, theirs);
    });
  });
}

}  // namespace ganeti::gluster
