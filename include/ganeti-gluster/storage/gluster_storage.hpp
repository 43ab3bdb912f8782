// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/path_policy.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/storage/volume_access.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What is known of a disk.
enum class DiskState {
  detached,  ///< not looked at yet, or closed: the next operation looks
  attached,  ///< the image is there, and the object keeps the volume mounted
  absent,    ///< the volume answered that there is no such image
  failed,    ///< it could not be told: the cause is kept, and every operation on the image throws it
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(DiskState state);

/// Which disk, and where.
struct DiskAddress {
  GlusterVolume volume;
  DiskPath disk;
  DiskAccess access = DiskAccess::kernelspace;
};

/// A disk as Ganeti's node daemon drives it: an image on a Gluster volume, with the mount that it
/// needs, if it needs one (Ganeti: storage/base.py, BlockDev). Where the volume is not mounted, libgfapi does what
/// needs no path (VolumeAccess); in userspace access nothing but hold_path does.
///
/// Nothing but what would harm data is refused: every order of calls works, without any earlier call
/// and repeated. What needs the image attaches first if the state is `detached`, and throws ENOENT if
/// it is `absent`. The object keeps its lease, if it has one, while it lives, so that a request mounts at most once;
/// close, shutdown and remove give it back at once.
///
/// | call | from attached | from absent | from failed |
/// |---|---|---|---|
/// | assemble, open, hold_path | hold written, except by the first two in userspace | ENOENT | the cause |
/// | close, shutdown | hold dropped, then detached | the same | the same, but the cause stays |
/// | remove | removed, then absent | false | tried again: unfinished images are removed |
/// | rename | attached under the new name | ENOENT | the cause |
/// | grow, size, info, label, set_info, import, export | done | ENOENT | the cause |
///
/// Move-only. Not thread-safe; distinct objects may be used from distinct processes.
class GANETI_GLUSTER_API GlusterStorage {
 public:
  /// Looks at nothing yet.
  /// @param policy is asked before the volume is mounted; without one every storage dir will do.
  GlusterStorage(Mounter mounter, DiskAddress address, std::optional<PathPolicy> policy);
  GlusterStorage(VolumeAccess volume, DiskPath disk, std::optional<PathPolicy> policy);
  GlusterStorage(GlusterStorage&&) noexcept;
  GlusterStorage& operator=(GlusterStorage&&) noexcept;
  ~GlusterStorage();

  /// Creates the image and attaches it. In kernelspace that mounts the volume. Preallocation and overcommit are those
  /// of the settings unless @p options are given.
  /// @param size_mib in MiB.
  /// @param label as FileDeviceHelper::create has it, and its cluster is filled in. Ganeti's creation needs none:
  /// it calls set_info at once, which writes all of it.
  /// @throws PathPolicyError, MountError, and what FileDeviceHelper::create throws
  void create(std::int64_t size_mib, std::optional<ImageLabel> label = std::nullopt);
  void create(std::int64_t size_mib, std::optional<ImageLabel> label, const SpaceOptions& options);

  /// Reaches the volume and looks whether the image is there, afresh each time.
  /// @returns false only if the volume answered that it is not.
  /// @throws PathPolicyError, MountError, ImageError (not_an_image, unfinished_image); the state is
  /// `failed` then.
  bool attach();

  [[nodiscard]] DiskState state() const noexcept;

  /// Mounts the volume and records that this node uses the disk's path; in userspace only looks whether the image is
  /// there. Idempotent.
  void assemble();
  /// The same; Ganeti opens disks on a migration target that it never assembled.
  void open();
  /// Mounts the volume and records that this node uses the disk's path, in userspace too: for a program that knows
  /// nothing but paths, such as an OS script, until close, shutdown or remove.
  void hold_path();
  /// Drops the hold, gives the lease back and lets the mount go if it was the last need. Never throws
  /// for the state of the outside world: a hold that could not be dropped is logged, and is stale.
  void close();
  /// The same as close: Ganeti closes disks that it does not shut down, and the other way round.
  void shutdown();

  /// Removes the image for good, drops the hold and gives the lease back.
  /// @returns whether there was an image.
  bool remove();

  /// Gives the disk another name on the volume, moves the hold, and follows. Renaming a disk to the
  /// name that it has does nothing. @throws PathPolicyError, and what FileDeviceHelper::move throws
  void rename(const DiskPath& to);

  /// See FileDeviceHelper::grow. @param amount_mib in MiB.
  void grow(std::int64_t amount_mib);
  void grow(std::int64_t amount_mib, const SpaceOptions& options);
  void check_grow(std::int64_t amount_mib);
  void check_grow(std::int64_t amount_mib, const SpaceOptions& options);

  /// Actual size in bytes.
  [[nodiscard]] std::uint64_t size();
  [[nodiscard]] ImageInfo info();
  [[nodiscard]] std::optional<ImageLabel> label();
  /// See FileDeviceHelper. The object keeps the volume mounted meanwhile.
  void import_from(ContentSource& source, const ContentOptions& options = {});
  void export_to(ContentSink& sink, const ContentOptions& options = {});
  /// Stores Ganeti's text on the image (Ganeti: BlockDev.SetInfo), with a whole label if it has none yet; the time of
  /// creation only if this object created it. As durable as FileDeviceHelper::set_label.
  /// @param disk_uuid Ganeti's uuid of the disk; empty: not known, what the image says of it stays.
  void set_info(const std::string& text, const std::string& disk_uuid = {});

  /// Sizes of the volume that the disk lies on, whether or not the image is there.
  /// @throws PathPolicyError, MountError
  [[nodiscard]] VolumeSpace space();

  [[nodiscard]] const DiskPath& disk() const noexcept;
  [[nodiscard]] const GlusterVolume& volume() const noexcept;
  /// Path of the image for programs, as Ganeti spells it. In state `failed` a path below /dev/null,
  /// which nothing can open or create.
  [[nodiscard]] std::string device_path() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganeti::gluster
