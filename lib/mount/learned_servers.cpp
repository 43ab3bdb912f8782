// SPDX-License-Identifier: BSD-2-Clause
#include "mount/learned_servers.hpp"

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

void write_learned_servers(const std::string& persistent_dir, const std::string& volume,
                           const std::vector<std::string>& hosts) {
  if (hosts.empty()) return;
  keep_lines(file_of(persistent_dir, volume), hosts, "the servers of volume " + volume);
}

}  // namespace ganeti::gluster
