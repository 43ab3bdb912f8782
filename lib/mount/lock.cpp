// SPDX-License-Identifier: BSD-2-Clause
#include "mount/lock.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/record.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

UniqueFd open_lock(const StateDir& state) {
  UniqueFd fd(openat(state.fd(), state_file::lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw MountError(errno_code(errno), {state.path(), "cannot open the lock", {}, {}});
  return fd;
}

bool try_flock(int fd) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno != EWOULDBLOCK && errno != EINTR) throw Error(errno_code(errno), {"lock", "cannot lock", {}, {}});
  return false;
}

// Nobody of ours unlinks the file, but an admin may: a lock on an unlinked file excludes nobody.
bool is_current(int fd, const StateDir& state) {
  struct stat mine {};
  struct stat named {};
  return fstat(fd, &mine) == 0 && fstatat(state.fd(), state_file::lock, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

// Written in place and not by rename, which would replace the locked inode; one write of a few
// bytes, read only to word a message.
void write_holder(int fd) {
  Record record;
  const auto self = find_process(getpid()).value_or(ProcessId{getpid(), 0});
  record.set("pid", self.pid);
  record.set("start", self.start_ticks);
  record.set("since", time_since_boot().count());
  record.set("command", command_text(self.pid));
  const auto content = record.format(boot_id());
  if (pwrite(fd, content.data(), content.size(), 0) == static_cast<ssize_t>(content.size())) {
    static_cast<void>(ftruncate(fd, static_cast<off_t>(content.size())) == 0);
  }
}

}  // namespace

std::optional<StorageLock> StorageLock::try_acquire(const StateDir& state) {
  auto fd = open_lock(state);
  if (!try_flock(fd.get()) || !is_current(fd.get(), state)) return std::nullopt;
  write_holder(fd.get());
  return StorageLock(std::move(fd));
}

StorageLock StorageLock::acquire(const StateDir& state, const std::string& storage_dir, const Deadline& deadline) {
  // flock(2) knows no time limit without a signal or a thread, and a library may use neither.
  for (auto pause = 1ms;; pause = std::min(pause * 2, 20ms)) {
    if (auto lock = try_acquire(state)) return std::move(*lock);
    if (deadline.expired()) break;
    std::this_thread::sleep_for(std::min(pause, deadline.left()));
  }
  const auto who = holder(state);
  throw MountError(Errc::lock_timeout, {storage_dir, "cannot lock the storage dir",
                                        who ? fmt::format("process {} ({}) has had the lock for {} s", who->process.pid,
                                                          who->command, who->seconds)
                                            : "another process had the lock until the deadline",
                                        "try again; if that process hangs, find out why before you end it"});
}

std::optional<LockHolder> StorageLock::holder(const StateDir& state) {
  const auto record = Record::read(state.fd(), state_file::lock);
  if (!record) return std::nullopt;
  LockHolder holder{{static_cast<pid_t>(record->number("pid")), record->number("start")},
                    record->text("command"),
                    (time_since_boot().count() - record->number("since")) / 1000};
  // The child that runs the mount helper keeps the lock for a moment when its parent is killed.
  if (!is_alive(holder.process) && try_flock(open_lock(state).get())) return std::nullopt;
  return holder;
}

StorageLock::~StorageLock() {
  if (fd_) static_cast<void>(ftruncate(fd_.get(), 0) == 0);  // nobody's name on a free lock
}

}  // namespace ganeti::gluster
