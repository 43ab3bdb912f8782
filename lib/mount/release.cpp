// SPDX-License-Identifier: BSD-2-Clause
#include "mount/release.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "mount/client.hpp"
#include "mount/holds.hpp"

namespace ganeti::gluster {
namespace {

// Without a temporary file, which a process that is killed would leave.
void mark_release(const StateDir& state) {
  const UniqueFd mark(openat(state.fd(), state_file::release, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!mark)
    log(LogLevel::warning, "{}: cannot note that the mount is to be given back: {}", state.path(),
        std::strerror(errno));
}

}  // namespace

void forget_mount(const StateDir& state) {
  state.remove(state_file::mount);
  state.remove(state_file::release);
  forget_gone_probes(state);
  state.remove_abandoned();
}

std::string to_string(Release release) {
  switch (release) {
    case Release::released:
      return "released";
    case Release::busy:
      return "busy";
    case Release::held:
      return "held";
    case Release::not_mounted:
      return "not mounted";
    case Release::locked:
      return "locked";
  }
  return "unknown";
}

Release release_mount(const MountContext& context, const StateDir& state, const StorageLock& /*lock*/) {
  if (has_holds(state)) return Release::held;
  auto view = look(context);
  if (!view || !view->row) {  // somebody else has unmounted it
    forget_mount(state);
    return Release::not_mounted;
  }
  if (!view->record) {
    forget_gone_probes(state);
    return Release::not_mounted;
  }
  view->dir.root.reset();
  const auto settings = context.settings.for_volume(view->record->volume_name());
  const int error = unmount_in_child(view->real, false, Deadline::in(settings.probe_timeout));
  if (error == EBUSY) {
    mark_release(state);
    return Release::busy;
  }
  if (error == EINVAL) return Release::not_mounted;
  if (error != 0) {
    throw MountError(errno_code(error), {context.dir.spelled(), "cannot unmount " + view->record->volume, {}, {}});
  }
  forget_mount(state);
  log(LogLevel::info, "unmounted {} from {}", view->record->volume, context.dir.spelled());
  return Release::released;
}

void detach_dead_mount(const MountContext& context, const StateDir& state, const StorageLock& /*lock*/,
                       const MountView& view) {
  // ENOTCONN alone proves nothing; that no process serves the mount any more does.
  if (!find_clients(*view.row).empty()) throw_unwell(context, view, {Health::disconnected, ENOTCONN, {}, {}});
  const auto settings = context.settings.for_volume("");
  const int error = unmount_in_child(view.real, true, Deadline::in(settings.probe_timeout));
  if (error != 0) {
    throw MountError(Errc::mount_dead, {context.dir.spelled(), "cannot detach the dead mount of " + view.row->source,
                                        std::strerror(error), "umount -l " + view.real});
  }
  forget_mount(state);
  log(LogLevel::warning, "{}: the client of {} was gone; detached the dead mount", context.dir.spelled(),
      view.row->source);
}

}  // namespace ganeti::gluster
