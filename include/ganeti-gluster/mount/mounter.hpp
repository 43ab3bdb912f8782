// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/mount/lease.hpp>
#include <ganeti-gluster/mount/status.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

struct MountContext;

/// What to do if a mount failed less than five seconds ago.
enum class Retry {
  when_due,  ///< return that failure again: many requests at once must not all wait for a dead server
  at_once,   ///< try, unless it failed while this call was waiting for its turn
};

/// Mounts the right volume on one storage dir, once, and gives it back when it is no longer needed.
///
/// Any number of processes may use it at the same time; what they must agree on lies in
/// NodePaths::state_dir. Needs root. Starts no thread; not thread-safe. See gluster-mount(7) for
/// the promises.
class GANETI_GLUSTER_API Mounter {
 public:
  /// @param storage_dir as Ganeti spells it; see configured_storage_dir.
  /// @throws MountError (unsafe_storage_dir) if it is no absolute path.
  explicit Mounter(const std::string& storage_dir, Settings settings = {}, NodePaths paths = {});

  /// The storage dir as Ganeti spells it, normalised.
  [[nodiscard]] const std::string& storage_dir() const noexcept;
  [[nodiscard]] const Settings& settings() const noexcept;
  [[nodiscard]] const NodePaths& paths() const noexcept;

  /// The volume, mounted and alive. Mounts it if nothing is mounted, replaces a dead mount, and
  /// replaces another volume that this library mounted if nothing holds or uses it any more.
  ///
  /// Blocks at most for the settings' lock_timeout plus mount_timeout.
  /// @throws MountError: wrong_volume, cannot_tell, unreachable, mount_hung, mount_failed,
  /// helper_lied, unsafe_storage_dir, lock_timeout, or an errno.
  /// @throws VolumeError if the volume cannot be mounted by FUSE at all.
  [[nodiscard]] Lease ensure_mounted(const GlusterVolume& volume, Retry retry = Retry::when_due) const;

  /// The volume's mount if it is there, verified and well; nothing otherwise, whatever else there is. Never mounts, and
  /// answers within the probe timeout.
  [[nodiscard]] std::optional<Lease> find_mounted(const GlusterVolume& volume) const;

  /// Whether anything at all is mounted on the storage dir. Asks no mount. @throws MountError (unsafe_storage_dir)
  [[nodiscard]] bool is_mount_point() const;

  /// Unmounts what this library has mounted, if no disk holds it: one plain attempt. A mount whose
  /// client is gone is detached, whoever mounted it.
  /// @throws MountError (lock_timeout, mount_dead)
  Release unmount() const;

  /// The same for a mount that nobody needs, as a killed process may leave it, without waiting for
  /// the lock and without a look at dead mounts.
  Release release_idle() const;

  /// @returns whether a release found the mount busy and none has succeeded since. Who looks at a mount makes it busy,
  /// and may so be the one who has to call release_idle() in the end.
  [[nodiscard]] bool is_release_due() const;

  /// @returns whether there was such a hold. Idempotent, legal without any earlier call.
  bool drop_hold(const std::string& disk) const;
  /// Moves a hold with its disk; nothing happens if there is none.
  void move_hold(const std::string& from, const std::string& to) const;
  /// All holds with what supports them.
  [[nodiscard]] std::vector<HoldStatus> holds() const;
  /// What this node uses, held or not: each disk that has a link or a process.
  [[nodiscard]] std::vector<DiskUse> disk_uses() const;
  /// Writes a hold for each disk below `ganeti/` that this node uses without one.
  /// @returns the disks.
  std::vector<std::string> rebuild_holds() const;

  /// Everything that is known about the storage dir. Answers within the probe timeout, and within @p limit if that
  /// is shorter, whatever state the mount is in, and changes nothing.
  [[nodiscard]] MountStatus status(std::chrono::milliseconds limit = std::chrono::milliseconds::max()) const;

  /// The volume whose mount stands on the storage dir, verified and served by a living client; nothing if there
  /// is none. Asks no mount, so that it never waits for one, and mounts nothing.
  /// @throws MountError (unsafe_storage_dir)
  [[nodiscard]] std::optional<GlusterVolume> find_mounted_volume() const;

  /// Notes that this node uses @p volume without mounting it; see used_volumes. Best effort, never an error.
  void remember_use(const GlusterVolume& volume) const;

  /// The volumes that this node has used there, also before the last boot, the last one first. Each is as
  /// ensure_mounted was given it when it mounted it, or found it mounted under parameters that it did not know: a
  /// volume whose servers were replaced counts once. Best effort: what could not be written down in
  /// NodePaths::persistent_dir is not known.
  [[nodiscard]] std::vector<GlusterVolume> used_volumes() const;

 private:
  std::shared_ptr<const MountContext> context_;
};

}  // namespace ganeti::gluster
