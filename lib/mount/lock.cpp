// SPDX-License-Identifier: BSD-2-Clause
#include "mount/lock.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/file_lock.hpp"
#include "base/record.hpp"

namespace ganeti::gluster {
namespace {

// @throws MountError
std::optional<UniqueFd> try_lock(const StateDir& state) {
  try {
    return try_lock_file(state.fd(), state_file::lock);
  } catch (const Error& error) {
    throw MountError(error.code(), {state.path(), error.text().failed, {}, {}});
  }
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
  auto fd = try_lock(state);
  if (!fd) return std::nullopt;
  write_holder(fd->get());
  return StorageLock(std::move(*fd));
}

StorageLock StorageLock::acquire(const StateDir& state, const std::string& storage_dir, const Deadline& deadline) {
  if (auto lock = keep_trying(deadline, [&] { return try_acquire(state); })) return std::move(*lock);
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
  if (!is_alive(holder.process) && try_lock(state)) return std::nullopt;
  return holder;
}

StorageLock::~StorageLock() {
  if (fd_) static_cast<void>(ftruncate(fd_.get(), 0) == 0);  // nobody's name on a free lock
}

}  // namespace ganeti::gluster
