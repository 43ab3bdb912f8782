// SPDX-License-Identifier: BSD-2-Clause
#include "base/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

// Nobody of ours unlinks the file, but an admin may: a lock on an unlinked file excludes nobody.
bool is_current(int fd, int dir, const std::string& name) {
  struct stat mine {};
  struct stat named {};
  return fstat(fd, &mine) == 0 && fstatat(dir, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

}  // namespace

std::optional<UniqueFd> try_lock_file(int dir, const std::string& name) {
  UniqueFd fd(openat(dir, name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw Error(errno_code(errno), {name, "cannot open the lock", {}, {}});
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) throw Error(errno_code(errno), {name, "cannot lock", {}, {}});
    return std::nullopt;
  }
  if (!is_current(fd.get(), dir, name)) return std::nullopt;
  return fd;
}

void pause_between_tries(std::chrono::milliseconds& pause, const Deadline& deadline) {
  std::this_thread::sleep_for(std::min(pause, deadline.left()));
  pause = std::min(pause * 2, 20ms);
}

}  // namespace ganeti::gluster
