// SPDX-License-Identifier: BSD-2-Clause
#include "mount/node_daemon.hpp"

#include <algorithm>
#include <charconv>

#include <fcntl.h>

#include "base/file.hpp"
#include "base/process.hpp"

namespace ganeti::gluster {

std::optional<pid_t> find_node_daemon(const NodePaths& paths) {
  const auto text = read_file(AT_FDCWD, paths.noded_pid_file).value_or("");
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid <= 1) return std::nullopt;
  const auto words = command_line(pid);
  const bool is_noded = std::any_of(words.begin(), words.end(),
                                    [](const auto& word) { return word.find("ganeti-noded") != std::string::npos; });
  return is_noded ? std::optional(pid) : std::nullopt;
}

}  // namespace ganeti::gluster
