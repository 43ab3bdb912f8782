// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/mount/namespace.hpp>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sched.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "mount/node_daemon.hpp"

namespace ganeti::gluster {

bool enter_node_namespace(const NodePaths& paths) {
  const auto pid = find_node_daemon(paths).value_or(1);
  const auto path = fmt::format("/proc/{}/ns/mnt", pid);
  const auto theirs = read_link(AT_FDCWD, path);
  if (theirs && theirs == read_link(AT_FDCWD, "/proc/self/ns/mnt")) return false;
  const UniqueFd target(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!target || setns(target.get(), CLONE_NEWNS) != 0) {
    const auto why = fmt::format("this process does not see the mounts of process {} ({}), and cannot join it: {}", pid,
                                 command_name(pid), std::strerror(errno));
    throw MountError(Errc::wrong_namespace,
                     {path, "cannot work on mounts", why, "run this as root, on the node itself"});
  }
  return true;
}

}  // namespace ganeti::gluster
