// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include <ganeti-gluster/mount/lease.hpp>

#include "mount/context.hpp"

namespace ganeti::gluster {

/// One plain attempt to unmount what was verified as ours, unless a disk holds it.
Release release_mount(const MountContext& context, const StateDir& state, const StorageLock& lock);

/// Removes what was noted of a mount that is there no more.
void forget_mount(const StateDir& state);

/// Detaches a mount from which the kernel says that its client is gone, if no process serves it either.
/// @throws MountError (mount_dead) if one does, or if it cannot be detached.
void detach_dead_mount(const MountContext& context, const StateDir& state, const StorageLock& lock,
                       const MountView& view);

/// Makes leases out of views; the only way to one.
struct LeaseMaker {
  static Lease make(std::shared_ptr<const MountContext> context, MountView view, GlusterVolume volume);
};

}  // namespace ganeti::gluster
