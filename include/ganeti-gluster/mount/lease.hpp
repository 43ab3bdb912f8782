// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What became of a mount that nobody needs any more. None of these is an error.
enum class Release {
  released,     ///< unmounted
  busy,         ///< something on this node still uses it
  held,         ///< a disk's hold keeps it
  not_mounted,  ///< nothing of ours was mounted
  locked,       ///< another process has the lock and will try after us
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Release release);

/// A live, verified mount of one volume, usable for as long as the object lives.
///
/// While a lease exists the kernel refuses to unmount. Dropping one tries one plain unmount if no
/// disk holds the mount; a busy mount is left alone and that is no error. Move-only. Not
/// thread-safe; distinct leases may be used from distinct processes.
class GANETI_GLUSTER_API Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();  // logs, never throws

  /// Descriptor of the mount's root (O_PATH), for openat2 and its kin.
  [[nodiscard]] int root() const noexcept;
  /// The volume that was asked for.
  [[nodiscard]] const GlusterVolume& volume() const noexcept;
  /// Path of the mount as Ganeti spells it; for people and for other programs, never for own work.
  [[nodiscard]] const std::string& storage_dir() const noexcept;

  /// To be called before each operation on the mount: asks it in an expendable child, unless any
  /// process had a good answer less than two seconds ago.
  /// @throws MountError (mount_hung, unreachable, mount_lost) within the probe timeout.
  void check() const;

  /// Records that this node uses @p disk, until Mounter::drop_hold. Idempotent.
  /// @throws MountError if the lock cannot be had or the record cannot be written.
  void hold(const std::string& disk, HoldReason reason) const;

  /// Gives the mount back now and says what became of it. A second call does nothing.
  Release release() noexcept;

 private:
  friend struct LeaseMaker;
  struct Impl;
  explicit Lease(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganeti::gluster
