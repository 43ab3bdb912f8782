// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/mount/lease.hpp>

#include "base/log.hpp"
#include "mount/holds.hpp"
#include "mount/release.hpp"

namespace ganeti::gluster {

struct Lease::Impl {
  std::shared_ptr<const MountContext> context;
  MountView view;
  GlusterVolume volume;
  StateDir state;

  [[nodiscard]] VolumeSettings settings() const { return context->settings.for_volume(volume.name()); }
};

Lease LeaseMaker::make(std::shared_ptr<const MountContext> context, MountView view, GlusterVolume volume) {
  auto state = context->state(view.real);
  return Lease(std::make_unique<Lease::Impl>(
      Lease::Impl{std::move(context), std::move(view), std::move(volume), std::move(state)}));
}

Lease::Lease(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Lease::Lease(Lease&&) noexcept = default;
Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    release();
    impl_ = std::move(other.impl_);
  }
  return *this;
}
Lease::~Lease() { release(); }

int Lease::root() const noexcept { return impl_->view.dir.root.get(); }
const GlusterVolume& Lease::volume() const noexcept { return impl_->volume; }
const std::string& Lease::storage_dir() const noexcept { return impl_->context->dir.spelled(); }

void Lease::check() const {
  auto record = read_mount_record(impl_->state, impl_->view.dir);
  if (record && record->was_well_just_now() && is_alive(record->client)) return;
  const auto answer = probe(impl_->state, impl_->view.dir, false, Deadline::in(impl_->settings().probe_timeout));
  if (answer.health == Health::disconnected) {
    throw MountError(Errc::mount_lost, {storage_dir(), "cannot go on working on " + impl_->volume.to_string(),
                                        "the mount lost its client", "try again: the next request mounts afresh"});
  }
  if (answer.health != Health::well) throw_unwell(*impl_->context, impl_->view, answer);
  if (record) {
    record->last_well = time_since_boot();
    write_mount_record(impl_->state, *record);
  }
}

void Lease::hold(const std::string& disk, HoldReason reason) const {
  const auto lock = StorageLock::acquire(impl_->state, storage_dir(), Deadline::in(impl_->settings().lock_timeout));
  write_hold(impl_->state, lock, {disk, impl_->volume.to_string(), reason, {}, 0});
}

Release Lease::release() noexcept {
  const auto impl = std::move(impl_);
  if (!impl) return Release::not_mounted;
  impl->view.dir.root.reset();  // our own descriptor would make it busy
  try {
    const auto lock = StorageLock::try_acquire(impl->state);
    return lock ? release_mount(*impl->context, impl->state, *lock) : Release::locked;
  } catch (const std::exception& error) {
    log(LogLevel::warning, "{}: cannot give the mount back: {}", impl->context->dir.spelled(), error.what());
    return Release::busy;
  }
}

}  // namespace ganeti::gluster
