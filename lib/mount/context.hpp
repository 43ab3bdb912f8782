// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>

#include "mount/lock.hpp"
#include "mount/mount_record.hpp"
#include "mount/mount_table.hpp"
#include "mount/probe.hpp"
#include "mount/state_dir.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {

/// What a Mounter and the leases that it gave share.
struct MountContext {
  StorageDir dir;
  Settings settings;
  NodePaths paths;

  [[nodiscard]] StateDir state(const std::string& real) const { return {paths.state_dir, real}; }
};

/// Everything about the storage dir at one moment that can be had without asking any mount.
struct MountView {
  std::string real;
  StorageDirView dir;
  std::optional<MountRow> row;        ///< nothing: bare directory
  std::size_t depth = 0;              ///< rows stacked on it
  std::optional<MountRecord> record;  ///< if this very mount was verified and its client lives
};

/// @returns nothing if the storage dir does not exist. @throws MountError
[[nodiscard]] std::optional<MountView> look(const MountContext& context);

/// Why a mount that did not answer well is of no use. @throws MountError always.
[[noreturn]] void throw_unwell(const MountContext& context, const MountView& view, const ProbeResult& result);

/// One plain attempt in an expendable child. @returns 0, or an errno such as EBUSY.
[[nodiscard]] int unmount_in_child(const std::string& real, bool lazy, const Deadline& deadline);

}  // namespace ganeti::gluster
