// SPDX-License-Identifier: BSD-2-Clause
#include "mount/server_choice.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/volume/resolve.hpp>

#include "base/log.hpp"
#include "mount/cluster_nodes.hpp"
#include "mount/learned_servers.hpp"
#include "mount/reach.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto reach_limit = 1s;
// Each server costs the mount helper, a shell script, some processes.
constexpr std::size_t most_cluster_nodes = 3;

GlusterVolume resolve_in_time(const GlusterVolume& volume, const Deadline& deadline) {
  return resolve(volume, std::min<std::chrono::milliseconds>(resolve_limit, deadline.left()));
}

std::vector<std::string> answering(const GlusterVolume& volume, const Deadline& deadline) {
  std::vector<std::string> hosts;
  for (const auto& reach : reach_servers(volume, deadline.within(reach_limit))) {
    if (reach.answered) hosts.push_back(reach.host);
  }
  return hosts;
}

GlusterVolume on_servers(const std::vector<std::string>& hosts, const GlusterVolume& volume) {
  VolumeParameters parameters;
  parameters.servers = hosts;
  parameters.port = volume.port();
  parameters.volume = volume.name();
  return GlusterVolume(parameters);
}

}  // namespace

GlusterVolume with_learned_servers(const NodePaths& paths, const GlusterVolume& volume) {
  const auto learned = read_learned_servers(paths.persistent_dir, volume.name());
  // What has no server in common may be another volume of that name.
  const bool is_same = std::any_of(volume.servers().begin(), volume.servers().end(), [&](const Server& server) {
    return std::find(learned.begin(), learned.end(), server.host) != learned.end();
  });
  if (!is_same) return volume;
  try {
    return volume.with_more_servers(learned);
  } catch (const VolumeError& error) {  // whoever wrote that file, it must not stop a mount
    log(LogLevel::warning, "ignoring the remembered servers: {}", error.what());
    return volume;
  }
}

ServerChoice::ServerChoice(const NodePaths& paths, const GlusterVolume& volume, const Deadline& deadline)
    : deadline_(deadline), volume_(resolve_in_time(with_learned_servers(paths, volume), deadline)) {
  volume_ = with_answering_servers_first(volume_, deadline_.within(reach_limit));
  const bool nothing_learned = volume_.servers().size() == volume.servers().size();
  if (nothing_learned && volume_.transport() == Transport::tcp) ask_cluster_nodes(paths);
}

void ServerChoice::ask_cluster_nodes(const NodePaths& paths) {
  const auto nodes = cluster_node_addresses(paths);
  if (nodes.empty() || !answering(volume_, deadline_).empty()) return;
  auto found = answering(on_servers(nodes, volume_), deadline_);
  if (found.empty()) return;
  found.resize(std::min(found.size(), most_cluster_nodes));
  asked_ = volume_.servers();
  volume_ = with_answering_servers_first(resolve_in_time(volume_.with_more_servers(found), deadline_),
                                         deadline_.within(reach_limit));
}

bool ServerChoice::is_strange(const Identity& identity) const {
  if (asked_.empty()) return false;
  try {
    const auto bricks = resolve(on_servers(identity.brick_hosts, volume_), resolve_limit).servers();
    return match(identity, asked(), bricks, local_addresses()) != Match::ours;
  } catch (const VolumeError& error) {
    log(LogLevel::debug, "{}", error.what());
    return true;
  }
}

}  // namespace ganeti::gluster
