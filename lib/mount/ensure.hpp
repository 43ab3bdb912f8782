// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <ganeti-gluster/mount/mounter.hpp>

#include "mount/context.hpp"

namespace ganeti::gluster {

/// One call of Mounter::ensure_mounted: looks, does the one thing that what it saw asks for, and
/// looks again, until the right volume answers or an error says why it cannot.
class EnsureMounted {
 public:
  EnsureMounted(std::shared_ptr<const MountContext> context, const GlusterVolume& volume, Retry retry);
  Lease run();
  /// See Mounter::find_mounted.
  std::optional<Lease> find();

 private:
  std::optional<Lease> use(MountView view);
  std::optional<Lease> use_verified(MountView view, const StateDir& state);
  std::optional<Lease> use_unverified(MountView view, const StateDir& state);
  std::optional<Lease> adopt(MountView view, const StateDir& state, const Identity& identity);
  void mount();
  void replace_dead(const MountView& view, const StateDir& state);
  void replace_other(MountView view, const StateDir& state);
  bool is_ours_by_address(MountRecord& record, const StateDir& state);
  void remember_use(const MountRecord& record) const;
  [[nodiscard]] bool is_settled(const MountView& view, const StateDir& state);
  [[nodiscard]] ProbeResult ask_unless_well(MountView& view, const StateDir& state) const;
  [[nodiscard]] ProbeResult ask(const MountView& view, const StateDir& state, bool with_identity) const;
  [[nodiscard]] StorageLock lock(const StateDir& state) const;
  /// The same mount as in @p view, looked at again under the lock; nothing if it changed.
  [[nodiscard]] std::optional<MountView> same_again(const MountView& view) const;
  [[noreturn]] void throw_wrong(const std::string& found, const std::string& more, const std::string& cure) const;

  std::shared_ptr<const MountContext> context_;
  VolumeSettings settings_;
  GlusterVolume asked_;   // as the caller gave it
  GlusterVolume wanted_;  // with what the settings add
  bool is_new_ = false;   // what was asked for was not known to be what is mounted
  Retry retry_;
  std::chrono::milliseconds began_;
  Deadline lock_deadline_;
};

}  // namespace ganeti::gluster
