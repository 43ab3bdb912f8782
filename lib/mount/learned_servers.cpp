// SPDX-License-Identifier: BSD-2-Clause
#include "mount/learned_servers.hpp"

#include <sstream>

#include <fcntl.h>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/log.hpp"

namespace ganeti::gluster {
namespace {

std::string file_of(const std::string& persistent_dir, const std::string& volume) {
  return fmt::format("{}/servers-{}", persistent_dir, escape_name(volume));
}

}  // namespace

std::vector<std::string> read_learned_servers(const std::string& persistent_dir, const std::string& volume) {
  std::vector<std::string> hosts;
  std::istringstream lines(read_file(AT_FDCWD, file_of(persistent_dir, volume)).value_or(""));
  for (std::string line; std::getline(lines, line);) hosts.push_back(line);
  return hosts;
}

void write_learned_servers(const std::string& persistent_dir, const std::string& volume,
                           const std::vector<std::string>& hosts) noexcept {
  try {
    if (hosts.empty() || read_learned_servers(persistent_dir, volume) == hosts) return;
    make_directories(persistent_dir, 0700);
    replace_file(AT_FDCWD, file_of(persistent_dir, volume), fmt::format("{}\n", fmt::join(hosts, "\n")));
  } catch (const std::exception& error) {
    log(LogLevel::warning, "cannot remember the servers of volume {}: {}", volume, error.what());
  }
}

}  // namespace ganeti::gluster
