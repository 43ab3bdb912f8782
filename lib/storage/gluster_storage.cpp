// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/gluster_storage.hpp>

#include <cerrno>
#include <chrono>
#include <exception>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/storage/volume_access.hpp>

#include "base/errno_error.hpp"
#include "base/try_to.hpp"
#include "disk/mib.hpp"

namespace ganeti::gluster {

std::string to_string(DiskState state) {
  switch (state) {
    case DiskState::detached:
      return "detached";
    case DiskState::attached:
      return "attached";
    case DiskState::absent:
      return "absent";
    case DiskState::failed:
      break;
  }
  return "failed";
}

struct GlusterStorage::Impl {
  VolumeAccess volume;
  DiskPath disk;
  std::optional<PathPolicy> policy;
  DiskState state = DiskState::detached;
  std::exception_ptr failure{};  // of the last attach, in state failed
  // When this object created the image, as long as no label says so and no other image can be there.
  std::optional<std::chrono::sys_seconds> created{};

  [[nodiscard]] const Mounter& mounter() const { return volume.mounter(); }
  [[nodiscard]] std::string path() const { return path_of(disk); }
  [[nodiscard]] std::string path_of(const DiskPath& name) const {
    return fmt::format("{}/{}", mounter().storage_dir(), name.text());
  }

  [[nodiscard]] SpaceOptions space_options() const {
    const auto settings = mounter().settings().for_volume(volume.volume().name());
    return {settings.preallocation, settings.overcommit, {}};
  }

  void check_policy(const DiskPath& name) const {
    if (policy) policy->check(path_of(name));
  }

  ImageStore& store() {
    check_policy(disk);
    volume.forget_lost_mount();
    return volume.store();
  }

  bool attach() {
    created.reset();
    try {
      state = FileDeviceHelper(store(), disk).exists() ? DiskState::attached : DiskState::absent;
    } catch (...) {
      state = DiskState::failed;
      failure = std::current_exception();
      throw;
    }
    return state == DiskState::attached;
  }

  // Runs work(helper) on the image once it is known to be there.
  template <typename Work>
  auto on_image(Work work) {
    if (state == DiskState::failed) std::rethrow_exception(failure);
    if (state == DiskState::detached) attach();
    if (state == DiskState::absent) {
      throw ImageError(
          errno_code(ENOENT),
          {path(), "cannot use the disk", "there is no such image on the volume",
           "check the disk's name and the volume; a lost image is made anew, empty, by: gnt-instance recreate-disks"});
    }
    FileDeviceHelper helper(volume.store(), disk);
    return work(helper);
  }

  // What the hypervisor is to use must be there: in kernelspace below the mount, with a hold.
  void use(HoldReason reason) {
    if (volume.access() == DiskAccess::kernelspace) return hold(reason);
    on_image([](const FileDeviceHelper& /*helper*/) {});
  }

  void hold(HoldReason reason) {
    on_image([](const FileDeviceHelper& /*helper*/) {});
    if (volume.lease() == nullptr) {
      volume.mount();
      state = DiskState::detached;  // the image has not been seen on this mount
    }
    on_image([&](const FileDeviceHelper& /*helper*/) { volume.lease()->hold(disk.text(), reason); });
  }

  void drop_hold() const {
    try_to("drop the hold", path(), [this] { mounter().drop_hold(disk.text()); });
  }

  // Also what another object mounted for this disk, whose hold was the last one.
  void give_back() {
    const bool had_lease = volume.lease() != nullptr;
    volume.release();
    if (had_lease) return;
    try_to("give the mount back", path(), [this] { mounter().release_idle(); });
  }

  void detach() {
    drop_hold();
    give_back();
    if (state != DiskState::failed) state = DiskState::detached;
  }
};

GlusterStorage::GlusterStorage(Mounter mounter, DiskAddress address, std::optional<PathPolicy> policy)
    : GlusterStorage(VolumeAccess(std::move(mounter), std::move(address.volume), address.access),
                     std::move(address.disk), std::move(policy)) {}
GlusterStorage::GlusterStorage(VolumeAccess volume, DiskPath disk, std::optional<PathPolicy> policy)
    : impl_(std::make_unique<Impl>(Impl{std::move(volume), std::move(disk), std::move(policy)})) {}
GlusterStorage::GlusterStorage(GlusterStorage&&) noexcept = default;
GlusterStorage& GlusterStorage::operator=(GlusterStorage&&) noexcept = default;
GlusterStorage::~GlusterStorage() = default;

void GlusterStorage::create(std::int64_t size_mib, std::optional<ImageLabel> label) {
  create(size_mib, std::move(label), impl_->space_options());
}

void GlusterStorage::create(std::int64_t size_mib, std::optional<ImageLabel> label, const SpaceOptions& options) {
  impl_->check_policy(impl_->disk);
  // In kernelspace the mount is needed at once: who creates a disk opens it.
  if (impl_->volume.access() == DiskAccess::kernelspace) impl_->volume.mount();
  if (label) label->cluster = cluster_name(impl_->mounter().paths());
  FileDeviceHelper(impl_->store(), impl_->disk).create(size_mib, label, options);
  impl_->state = DiskState::attached;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  impl_->created = label ? std::nullopt : std::optional(now);
}

bool GlusterStorage::attach() { return impl_->attach(); }
DiskState GlusterStorage::state() const noexcept { return impl_->state; }

void GlusterStorage::assemble() { impl_->use(HoldReason::assembled); }
void GlusterStorage::open() { impl_->use(HoldReason::opened); }
void GlusterStorage::hold_path() { impl_->hold(HoldReason::opened); }
void GlusterStorage::close() { impl_->detach(); }
void GlusterStorage::shutdown() { impl_->detach(); }

bool GlusterStorage::remove() {
  // Not by way of attach, which refuses the unfinished images that only removal can cure.
  const bool removed = FileDeviceHelper(impl_->store(), impl_->disk).remove();
  impl_->drop_hold();
  impl_->volume.release();
  impl_->state = DiskState::absent;
  return removed;
}

void GlusterStorage::rename(const DiskPath& to) {
  auto& impl = *impl_;
  impl.check_policy(to);
  impl.on_image([&](FileDeviceHelper& helper) {
    const auto from = impl.disk;
    if (to == from) return;
    helper.move(to);
    impl.disk = to;
    // Not before: a hold of the new name belongs to the image that is in the way. The old hold keeps the
    // mount until then.
    try_to("move the hold", impl.path(), [&] { impl.mounter().move_hold(from.text(), to.text()); });
  });
}

void GlusterStorage::grow(std::int64_t amount_mib) { grow(amount_mib, impl_->space_options()); }
void GlusterStorage::grow(std::int64_t amount_mib, const SpaceOptions& options) {
  impl_->on_image([&](FileDeviceHelper& helper) { helper.grow(amount_mib, options); });
}

void GlusterStorage::check_grow(std::int64_t amount_mib) { check_grow(amount_mib, impl_->space_options()); }
void GlusterStorage::check_grow(std::int64_t amount_mib, const SpaceOptions& options) {
  impl_->on_image([&](FileDeviceHelper& helper) { helper.check_grow(amount_mib, options); });
}

std::uint64_t GlusterStorage::size() {
  return impl_->on_image([](FileDeviceHelper& helper) { return helper.size(); });
}

ImageInfo GlusterStorage::info() {
  return impl_->on_image([](FileDeviceHelper& helper) { return helper.info(); });
}

std::optional<ImageLabel> GlusterStorage::label() {
  return impl_->on_image([](FileDeviceHelper& helper) { return helper.label(); });
}

void GlusterStorage::import_from(ContentSource& source, const ContentOptions& options) {
  impl_->on_image([&](FileDeviceHelper& helper) { helper.import_from(source, options); });
}

void GlusterStorage::export_to(ContentSink& sink, const ContentOptions& options) {
  impl_->on_image([&](FileDeviceHelper& helper) { helper.export_to(sink, options); });
}

void GlusterStorage::set_info(const std::string& text, const std::string& disk_uuid) {
  impl_->on_image([&](FileDeviceHelper& helper) {
    auto label = impl_->created ? std::nullopt : helper.label();
    if (!label) {
      label.emplace();
      label->size_mib = helper.size() / static_cast<std::uint64_t>(mib);
      label->created = impl_->created;
    }
    if (label->cluster.empty()) label->cluster = cluster_name(impl_->mounter().paths());
    if (!disk_uuid.empty()) label->disk_uuid = disk_uuid;
    label->disk = helper.disk().text();
    label->set_info(text);
    helper.set_label(*label);
    impl_->created.reset();
  });
}

VolumeSpace GlusterStorage::space() { return impl_->store().space(); }

const DiskPath& GlusterStorage::disk() const noexcept { return impl_->disk; }
const GlusterVolume& GlusterStorage::volume() const noexcept { return impl_->volume.volume(); }

std::string GlusterStorage::device_path() const {
  return impl_->state == DiskState::failed ? "/dev/null" + impl_->path() : impl_->path();
}

}  // namespace ganeti::gluster
