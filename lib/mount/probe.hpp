// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "mount/identity.hpp"
#include "mount/lock.hpp"
#include "mount/state_dir.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {

/// How far a round trip to a mount came.
enum class Health {
  well,            ///< the volume's root answered
  unreachable,     ///< the client answered, but the volume does not: no quorum, no brick
  disconnected,    ///< the kernel says that no client is behind the mount
  silent_client,   ///< the client did not answer in time
  silent_servers,  ///< the client answered, its servers did not in time
  busy,            ///< an earlier probe still waits for this mount: no second one was started
};

struct ProbeResult {
  Health health = Health::silent_client;
  int error = 0;                      ///< errno for unreachable and disconnected
  std::optional<Identity> identity;   ///< if it was asked for and the mount is well
  std::optional<LockHolder> waiting;  ///< the child that still waits: for busy and the silent ones
};

/// Asks the mount that @p view pins, in an expendable child: first the client alone (an attribute
/// that the FUSE bridge answers without any brick), then the volume's root, then, if wanted, who
/// it is. Never waits beyond @p deadline, and never starts a child while another of any process
/// still waits for the same mount: then it waits for that one's end instead.
[[nodiscard]] ProbeResult probe(const StateDir& state, const StorageDirView& view, bool with_identity,
                                const Deadline& deadline);

/// What became of an expendable child that worked on a mount.
struct MountChild {
  bool started = false;               ///< no: an earlier child of any process still waits for this mount
  bool finished = false;              ///< it ended by itself, in time
  std::string output;                 ///< what it wrote to its standard output so far
  std::optional<LockHolder> waiting;  ///< the child that still waits: this one, or the earlier one
};

/// Runs @p body, which may make calls on the mount that @p view pins and writes what it finds to its standard
/// output, in an expendable child: the same way, and under the same promises, as probe().
[[nodiscard]] MountChild run_on_mount(const StateDir& state, const StorageDirView& view, const Deadline& deadline,
                                      const std::function<int()>& body);

/// The child that is waiting for this mount right now, if there is one.
[[nodiscard]] std::optional<LockHolder> waiting_probe(const StateDir& state, std::int64_t mount_id);

/// Removes the probe files of mounts that are gone. To be called under the storage dir's lock.
void forget_gone_probes(const StateDir& state);

}  // namespace ganeti::gluster
