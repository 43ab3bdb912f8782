// SPDX-License-Identifier: BSD-2-Clause
#include "mount/ensure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include <ganeti-gluster/volume/resolve.hpp>

#include "base/log.hpp"
#include "base/try_to.hpp"
#include "mount/attempt.hpp"
#include "mount/holds.hpp"
#include "mount/rebuild_holds.hpp"
#include "mount/release.hpp"
#include "mount/used_volumes.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

// Each round either ends or saw the mount change under it; nothing changes that often for long.
constexpr int most_rounds = 50;

}  // namespace

EnsureMounted::EnsureMounted(std::shared_ptr<const MountContext> context, const GlusterVolume& volume, Retry retry)
    : context_(std::move(context)),
      settings_(context_->settings.for_volume(volume.name())),
      asked_(volume),
      wanted_(with_settings(volume, settings_)),
      retry_(retry),
      began_(time_since_boot()),
      lock_deadline_(Deadline::in(settings_.lock_timeout)) {}

Lease EnsureMounted::run() {
  static_cast<void>(wanted_.fuse_options());  // a volume that FUSE cannot mount fails before anything is touched
  if (wanted_.transport() == Transport::unix_socket) static_cast<void>(wanted_.fuse_source());
  for (int round = 0; round < most_rounds; ++round) {
    auto view = look(*context_);
    if (!view || !view->row) {
      mount();
    } else if (auto lease = use(std::move(*view))) {
      return std::move(*lease);
    }
  }
  throw MountError(Errc::mount_lost, {context_->dir.spelled(), "cannot mount " + wanted_.to_string(),
                                      "something else keeps mounting and unmounting there", "find out what it is"});
}

std::optional<Lease> EnsureMounted::find() {
  auto view = look(*context_);
  if (!view || !view->row || !view->record || !view->record->is(wanted_)) return std::nullopt;
  if (ask_unless_well(*view, context_->state(view->real)).health != Health::well) return std::nullopt;
  return LeaseMaker::make(context_, std::move(*view), wanted_);
}

std::optional<Lease> EnsureMounted::use(MountView view) {
  const auto& row = *view.row;
  if (row.type != gluster_type || row.root != "/") {
    throw_wrong(fmt::format("a file system of type {} (source {}{})", row.type, row.source,
                            row.root == "/" ? "" : ", folder " + row.root),
                "", fmt::format("find out who mounted it, then: umount {}", view.real));
  }
  const auto state = context_->state(view.real);
  return view.record ? use_verified(std::move(view), state) : use_unverified(std::move(view), state);
}

std::optional<Lease> EnsureMounted::use_verified(MountView view, const StateDir& state) {
  auto& record = *view.record;
  if (record.name_with_subdir != wanted_.name_with_subdir()) {
    replace_other(std::move(view), state);
    return std::nullopt;
  }
  if (!record.is(wanted_) && !is_ours_by_address(record, state)) {
    throw_wrong("the volume of that name of other servers, " + record.volume, "",
                fmt::format("correct the host parameter, or: umount {}", view.real));
  }
  const auto answer = ask_unless_well(view, state);
  if (answer.health == Health::disconnected) {
    replace_dead(view, state);
    return std::nullopt;
  }
  if (answer.health != Health::well) throw_unwell(*context_, view, answer);
  if (is_new_) remember_use(record);
  return LeaseMaker::make(context_, std::move(view), wanted_);
}

std::optional<Lease> EnsureMounted::use_unverified(MountView view, const StateDir& state) {
  // A row stands in the table before its client has reached any server: whoever is mounting holds
  // the lock, so having had the lock means that the row is not about to be verified by somebody.
  if (!is_settled(view, state)) return std::nullopt;
  const auto answer = ask(view, state, true);
  if (answer.health == Health::well && answer.identity) return adopt(std::move(view), state, *answer.identity);
  if (answer.health == Health::disconnected) {
    replace_dead(view, state);
    return std::nullopt;
  }
  const bool silent = answer.health == Health::silent_client || answer.health == Health::silent_servers;
  if (silent || answer.health == Health::busy) {
    const auto guard = lock(state);
    if (has_orphaned_attempt(state)) {  // it never worked, so that no machine can be using it
      clean_up_orphaned_attempt(state, guard, view.real);
      return std::nullopt;
    }
  }
  throw_unwell(*context_, view, answer);
}

std::optional<Lease> EnsureMounted::adopt(MountView view, const StateDir& state, const Identity& identity) {
  const auto found = identify(identity, wanted_);
  if (found.match != Match::ours) {
    throw_wrong(fmt::format("{} (source text {})", found.describe(identity), view.row->source), "",
                fmt::format("find out who mounted it, then: umount {}", view.real));
  }
  const auto guard = lock(state);
  if (!same_again(view)) return std::nullopt;
  record_verified_mount(*context_, state, view, {wanted_, found.asked, identity});
  state.remove(state_file::attempt);
  rebuild_missing_holds(*context_, state, guard, view.real, wanted_.to_string());
  view.record = read_mount_record(state, view.dir);
  if (view.record) remember_use(*view.record);
  return LeaseMaker::make(context_, std::move(view), wanted_);
}

void EnsureMounted::mount() {
  if (!context_->dir.real()) context_->dir.create();
  const auto real = context_->dir.real();
  if (!real) return;
  const auto state = context_->state(*real);
  const auto guard = lock(state);
  const auto view = look(*context_);
  if (view && view->row) return;
  rethrow_recent_failure(*context_, state, wanted_, retry_, began_);
  clean_up_orphaned_attempt(state, guard, *real);
  mount_bare_directory(*context_, state, guard, wanted_, *real);
  is_new_ = true;
}

void EnsureMounted::replace_dead(const MountView& view, const StateDir& state) {
  const auto guard = lock(state);
  if (const auto again = same_again(view)) detach_dead_mount(*context_, state, guard, *again);
}

void EnsureMounted::replace_other(MountView view, const StateDir& state) {
  const auto guard = lock(state);
  {
    const auto again = same_again(view);
    if (!again) return;
  }
  const auto found = "the volume " + view.record->volume;
  std::vector<std::string> holds;
  for (const auto& hold : read_holds(state)) holds.push_back(hold.disk);
  if (holds == std::vector<std::string>{admin_hold}) {
    throw_wrong(found, " by ganeti-gluster mount", "if nothing needs it: ganeti-gluster umount");
  }
  if (!holds.empty()) {
    throw_wrong(found, fmt::format(" and held by {}", fmt::join(holds, ", ")),
                "stop the instances of these disks, or give this volume a storage dir of its own");
  }
  view.dir.root.reset();  // our own look at it would keep it busy
  const int error = unmount_in_child(view.real, false, Deadline::in(settings_.probe_timeout));
  if (error != 0) {
    throw_wrong(found, fmt::format(" and cannot be unmounted now ({})", std::strerror(error)),
                fmt::format("see what uses it with: fuser -vm {}", view.real));
  }
  forget_mount(state);
  log(LogLevel::info, "unmounted {} from {} to make place for {}", view.record->volume, context_->dir.spelled(),
      wanted_.to_string());
}

bool EnsureMounted::is_ours_by_address(MountRecord& record, const StateDir& state) {
  const auto known = resolve_hosts(record.servers, wanted_);
  const auto resolved = resolve(wanted_, resolve_limit);
  const Identity identity{wanted_.name(), wanted_.subdir(), {}, {}, {}};
  if (match(identity, resolved, known, local_addresses()) != Match::ours) return false;
  for (const auto& server : wanted_.servers()) record.servers.push_back(server.host);
  write_mount_record(state, record);
  is_new_ = true;
  return true;
}

// Not at each lease: the one on a mounted volume is the common path.
void EnsureMounted::remember_use(const MountRecord& record) const {
  const auto is_same = [&](const GlusterVolume& known) {
    return known.name() == asked_.name() && record.is(with_settings(known, settings_));
  };
  try_to("remember the volume", context_->dir.spelled(),
         [&] { remember_used_volume(context_->paths.persistent_dir, context_->dir.spelled(), asked_, is_same); });
}

// Of a verified mount; one that was well just now is not asked again.
ProbeResult EnsureMounted::ask_unless_well(MountView& view, const StateDir& state) const {
  auto& record = *view.record;
  if (retry_ != Retry::at_once && record.was_well_just_now()) return {Health::well, {}, {}, {}};
  auto answer = ask(view, state, false);
  if (answer.health == Health::well) {
    record.last_well = time_since_boot();
    write_mount_record(state, record);
  }
  return answer;
}

bool EnsureMounted::is_settled(const MountView& view, const StateDir& state) {
  const auto guard = lock(state);
  const auto again = same_again(view);
  return again && !again->record;
}

ProbeResult EnsureMounted::ask(const MountView& view, const StateDir& state, bool with_identity) const {
  return probe(state, view.dir, with_identity, Deadline::in(settings_.probe_timeout));
}

StorageLock EnsureMounted::lock(const StateDir& state) const {
  return StorageLock::acquire(state, context_->dir.spelled(), lock_deadline_);
}

std::optional<MountView> EnsureMounted::same_again(const MountView& view) const {
  auto again = look(*context_);
  if (!again || !again->row || again->dir.mount_id != view.dir.mount_id ||
      device_text(again->dir) != device_text(view.dir)) {
    return std::nullopt;
  }
  return again;
}

void EnsureMounted::throw_wrong(const std::string& found, const std::string& more, const std::string& cure) const {
  throw MountError(Errc::wrong_volume, {context_->dir.spelled(), "cannot mount " + wanted_.to_string(),
                                        found + " is mounted there" + more + "; it was not touched", cure});
}

}  // namespace ganeti::gluster
