// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/status.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fcntl.h>

#include <fmt/format.h>
#include <boost/algorithm/string/predicate.hpp>

#include "base/file.hpp"
#include "base/process.hpp"

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
  const auto text = read_file(AT_FDCWD, paths.noded_pid_file).value_or("");
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  const auto words = pid > 0 ? command_line(pid) : std::vector<std::string>();
  const bool is_noded = std::any_of(words.begin(), words.end(),
                                    [](const auto& word) { return word.find("ganeti-noded") != std::string::npos; });
  return is_noded ? NodeDaemon{pid, loaded_by(pid)} : NodeDaemon{};
}

}  // namespace ganeti::gluster
