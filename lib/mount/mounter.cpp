// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/mount/mounter.hpp>

#include <algorithm>

#include "base/file.hpp"
#include "base/try_to.hpp"
#include "mount/context.hpp"
#include "mount/ensure.hpp"
#include "mount/holds.hpp"
#include "mount/rebuild_holds.hpp"
#include "mount/release.hpp"
#include "mount/used_volumes.hpp"

namespace ganeti::gluster {
namespace {

StorageLock lock_for_holds(const MountContext& context, const StateDir& state) {
  return StorageLock::acquire(state, context.dir.spelled(), Deadline::in(VolumeSettings().lock_timeout));
}

}  // namespace

Mounter::Mounter(const std::string& storage_dir, Settings settings, NodePaths paths)
    : context_(std::make_shared<const MountContext>(
          MountContext{StorageDir(storage_dir), std::move(settings), std::move(paths)})) {}

const std::string& Mounter::storage_dir() const noexcept { return context_->dir.spelled(); }
const Settings& Mounter::settings() const noexcept { return context_->settings; }
const NodePaths& Mounter::paths() const noexcept { return context_->paths; }

Lease Mounter::ensure_mounted(const GlusterVolume& volume, Retry retry) const {
  return EnsureMounted(context_, volume, retry).run();
}

std::optional<Lease> Mounter::find_mounted(const GlusterVolume& volume) const {
  return EnsureMounted(context_, volume, Retry::when_due).find();
}

bool Mounter::is_mount_point() const {
  const auto view = look(*context_);
  return view && view->row;
}

Release Mounter::unmount() const {
  const auto real = context_->dir.real();
  if (!real) return Release::not_mounted;
  const auto state = context_->state(*real);
  {
    const auto released = release_mount(*context_, state, lock_for_holds(*context_, state));
    if (released != Release::not_mounted) return released;
  }
  // What was not verified, or whose client is gone, is no business of ours unless it is dead.
  const auto view = look(*context_);
  if (!view || !view->row || view->row->type != gluster_type) return Release::not_mounted;
  const auto limit = context_->settings.for_volume("").probe_timeout;
  const auto answer = probe(state, view->dir, false, Deadline::in(limit));
  if (answer.health != Health::disconnected) return Release::not_mounted;
  detach_dead_mount(*context_, state, lock_for_holds(*context_, state), *view);
  return Release::released;
}

Release Mounter::release_idle() const {
  const auto real = context_->dir.real();
  if (!real) return Release::not_mounted;
  const auto state = context_->state(*real);
  const auto lock = StorageLock::try_acquire(state);
  return lock ? release_mount(*context_, state, *lock) : Release::locked;
}

bool Mounter::is_release_due() const {
  const auto real = context_->dir.real();
  return real && read_file(context_->state(*real).fd(), state_file::release).has_value();
}

bool Mounter::drop_hold(const std::string& disk) const {
  const auto real = context_->dir.real();
  if (!real) return false;
  const auto state = context_->state(*real);
  return gluster::drop_hold(state, lock_for_holds(*context_, state), disk);
}

void Mounter::move_hold(const std::string& from, const std::string& to) const {
  const auto real = context_->dir.real();
  if (!real) return;
  const auto state = context_->state(*real);
  gluster::move_hold(state, lock_for_holds(*context_, state), from, to);
}

std::vector<HoldStatus> Mounter::holds() const {
  const auto real = context_->dir.real();
  return real ? with_uses(read_holds(context_->state(*real)), disk_uses()) : std::vector<HoldStatus>();
}

std::vector<DiskUse> Mounter::disk_uses() const {
  const auto real = context_->dir.real();
  return find_disk_uses(context_->paths, {context_->dir.spelled(), real.value_or(context_->dir.spelled())});
}

std::vector<std::string> Mounter::rebuild_holds() const {
  const auto view = look(*context_);
  if (!view || !view->row) return {};
  const auto state = context_->state(view->real);
  const auto lock = lock_for_holds(*context_, state);
  return rebuild_missing_holds(*context_, state, lock, view->real,
                               view->record ? view->record->volume : view->row->source);
}

std::optional<GlusterVolume> Mounter::find_mounted_volume() const {
  const auto view = look(*context_);
  if (!view || !view->record) return std::nullopt;
  try {
    return GlusterVolume::parse(view->record->volume);
  } catch (const VolumeError&) {  // what cannot be read does not exist
    return std::nullopt;
  }
}

void Mounter::remember_use(const GlusterVolume& volume) const {
  const auto is_same = [&](const GlusterVolume& known) { return known.same_volume(volume); };
  try_to("remember the volume", context_->dir.spelled(),
         [&] { remember_used_volume(context_->paths.persistent_dir, context_->dir.spelled(), volume, is_same); });
}

std::vector<GlusterVolume> Mounter::used_volumes() const {
  return read_used_volumes(context_->paths.persistent_dir, context_->dir.spelled());
}

}  // namespace ganeti::gluster
