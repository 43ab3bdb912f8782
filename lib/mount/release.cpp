// SPDX-License-Identifier: BSD-2-Clause
#include "mount/release.hpp"

#include <cerrno>
#include <cstring>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "mount/client.hpp"
#include "mount/holds.hpp"

namespace ganeti::gluster {

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
  if (!view || !view->row) state.remove(state_file::mount);  // somebody else has unmounted it
  if (!view || !view->row || !view->record) {
    forget_gone_probes(state);
    return Release::not_mounted;
  }
  view->dir.root.reset();
  const auto settings = context.settings.for_volume(view->record->volume_name());
  const int error = unmount_in_child(view->real, false, Deadline::in(settings.probe_timeout));
  if (error == EBUSY) return Release::busy;
  if (error == EINVAL) return Release::not_mounted;
  if (error != 0) {
    throw MountError(errno_code(error), {context.dir.spelled(), "cannot unmount " + view->record->volume, {}, {}});
  }
  state.remove(state_file::mount);
  forget_gone_probes(state);
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
    throw MountError(Errc::dead_mount, {context.dir.spelled(), "cannot detach the dead mount of " + view.row->source,
                                        std::strerror(error), "umount -l " + view.real});
  }
  state.remove(state_file::mount);
  forget_gone_probes(state);
  log(LogLevel::warning, "{}: the client of {} was gone; detached the dead mount", context.dir.spelled(),
      view.row->source);
}

}  // namespace ganeti::gluster
