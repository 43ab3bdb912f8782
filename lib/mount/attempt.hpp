// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include <ganeti-gluster/mount/mounter.hpp>

#include "mount/context.hpp"

namespace ganeti::gluster {

/// Mounts @p volume on the bare storage dir and verifies it, under the lock. When it returns, the
/// mount record is written; when it throws, what the attempt started is gone again, and the failure
/// is written down for those who wait for the lock.
/// @throws MountError
void mount_bare_directory(const MountContext& context, const StateDir& state, const StorageLock& lock,
                          const GlusterVolume& volume, const std::string& real);

/// Ends what a mount attempt whose owner was killed may have left: helper, client, a row that
/// never worked. To be called under the lock, so that any attempt on record has no owner.
void clean_up_orphaned_attempt(const StateDir& state, const StorageLock& lock, const std::string& real);
[[nodiscard]] bool has_orphaned_attempt(const StateDir& state);

/// Throws the failure on record if it counts for a caller that began at @p began (since boot).
/// @throws MountError
void rethrow_recent_failure(const MountContext& context, const StateDir& state, const GlusterVolume& volume,
                            Retry retry, std::chrono::milliseconds began);

/// What was found out about a mount that is the wanted volume.
struct VerifiedMount {
  GlusterVolume volume;         ///< as it was asked for
  std::vector<Server> servers;  ///< under which it may be asked for, as far as known
  Identity identity;
};

/// Writes it down: for this boot who it is, for later ones its servers. @throws Error
void record_verified_mount(const MountContext& context, const StateDir& state, const MountView& view,
                           const VerifiedMount& verified);

}  // namespace ganeti::gluster
