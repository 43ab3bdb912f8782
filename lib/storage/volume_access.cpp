// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/volume_access.hpp>

#include <optional>

#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/gfapi/gfapi_store.hpp>

#include "base/log.hpp"

namespace ganeti::gluster {

std::string to_string(DiskAccess access) { return access == DiskAccess::userspace ? "userspace" : "kernelspace"; }

struct VolumeAccess::Impl {
  Mounter mounter;
  GlusterVolume volume;
  DiskAccess access;
  Retry retry;
  std::optional<Lease> lease{};
  std::unique_ptr<ImageStore> images{};  // by the lease, if there is one

  void use(Lease mounted) {
    images.reset();
    lease.emplace(std::move(mounted));
    images = std::make_unique<FuseStore>(*lease);
  }

  void mount() { use(mounter.ensure_mounted(volume, retry)); }

  void connect(const VolumeSettings& settings) {
    auto store = std::make_unique<GfapiStore>(volume, settings, mounter.paths());
    store->connect();
    images = std::move(store);
    mounter.remember_use(volume);
  }

  void decide() {
    const auto settings = mounter.settings().for_volume(volume.name());
    if (settings.image_store == StoreKind::mount) return mount();
    if (settings.image_store == StoreKind::automatic && use_mount_that_is_there()) return;
    const bool is_pinned = settings.image_store == StoreKind::libgfapi;
    if (!is_pinned && !is_gfapi_installed(mounter.paths())) return mount();
    try {
      connect(settings);
    } catch (const MountError& error) {
      if (is_pinned || access == DiskAccess::userspace) throw;
      log(LogLevel::warning, "{}; mounting it", error.what());
      mount();
    }
  }

  bool use_mount_that_is_there() {
    if (access == DiskAccess::kernelspace && mounter.is_mount_point()) {
      mount();
      return true;
    }
    auto found = mounter.find_mounted(volume);
    if (found) use(std::move(*found));
    return found.has_value();
  }

  // Whether the client is gone. A mount that lost its quorum recovers by itself, and tells so until then.
  [[nodiscard]] bool is_lost() const {
    if (!lease) return false;
    try {
      lease->check();
    } catch (const MountError& error) {
      return error.code() == Errc::mount_lost;
    }
    return false;
  }

  void release() {
    images.reset();
    lease.reset();
  }
};

VolumeAccess::VolumeAccess(Mounter mounter, GlusterVolume volume, DiskAccess access, Retry retry)
    : impl_(std::make_unique<Impl>(Impl{std::move(mounter), std::move(volume), access, retry})) {}
VolumeAccess::VolumeAccess(VolumeAccess&&) noexcept = default;
VolumeAccess& VolumeAccess::operator=(VolumeAccess&&) noexcept = default;
VolumeAccess::~VolumeAccess() = default;

ImageStore& VolumeAccess::store() {
  if (!impl_->images) impl_->decide();
  return *impl_->images;
}

void VolumeAccess::forget_lost_mount() {
  if (impl_->is_lost()) impl_->release();  // only the mounter can replace it
}

const Lease& VolumeAccess::mount() {
  forget_lost_mount();
  if (!impl_->lease) impl_->mount();
  return *impl_->lease;
}

const Lease* VolumeAccess::lease() const noexcept { return impl_->lease ? &*impl_->lease : nullptr; }
void VolumeAccess::release() { impl_->release(); }
const Mounter& VolumeAccess::mounter() const noexcept { return impl_->mounter; }
const GlusterVolume& VolumeAccess::volume() const noexcept { return impl_->volume; }
DiskAccess VolumeAccess::access() const noexcept { return impl_->access; }

}  // namespace ganeti::gluster
