// SPDX-License-Identifier: BSD-2-Clause
#include "mount/learned_servers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.hpp"
#include "mount/kept_lines.hpp"

namespace ganeti::gluster {
namespace {

std::string file_of(const std::string& persistent_dir, const std::string& volume) {
  return fmt::format("{}/servers-{}", persistent_dir, escape_name(volume));
}

}  // namespace

std::vector<std::string> read_learned_servers(const std::string& persistent_dir, const std::string& volume) {
  return read_kept_lines(file_of(persistent_dir, volume));
}

void learn_servers(const std::string& persistent_dir, const Identity& identity, const GlusterVolume& asked) {
  if (identity.name.empty()) return;  // it could not be told
  auto hosts = identity.brick_hosts;
  for (const auto& server : asked.servers()) {
    if (std::find(hosts.begin(), hosts.end(), server.host) == hosts.end()) hosts.push_back(server.host);
  }
  keep_lines(file_of(persistent_dir, identity.name), hosts, "the servers of volume " + identity.name);
}

}  // namespace ganeti::gluster
