// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/status.hpp>

#include <sstream>

#include <fcntl.h>

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include "base/file.hpp"
#include "mount/node_daemon.hpp"

namespace ganeti::gluster {
namespace {

// What the daemon has in its memory says whether it runs on our library; its files may have changed
// since it was started.
Loaded loaded_by(pid_t pid) {
  std::istringstream maps(read_file(AT_FDCWD, fmt::format("/proc/{}/maps", pid)).value_or(""));
  auto loaded = Loaded::no;
  for (std::string line; std::getline(maps, line);) {
    const bool is_ours = line.find("/ganeti_gluster/_native.") != std::string::npos ||
                         line.find("/libganeti-gluster.so") != std::string::npos;
    if (!is_ours) continue;
    if (boost::algorithm::ends_with(line, " (deleted)")) return Loaded::replaced;
    loaded = Loaded::yes;
  }
  return loaded;
}

}  // namespace

NodeDaemon look_at_node_daemon(const NodePaths& paths) {
  const auto pid = find_node_daemon(paths);
  return pid ? NodeDaemon{*pid, loaded_by(*pid)} : NodeDaemon{};
}

}  // namespace ganeti::gluster
