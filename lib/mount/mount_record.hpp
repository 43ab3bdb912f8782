// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

#include "base/process.hpp"
#include "mount/state_dir.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {

/// What was verified about the mount that stands on a storage dir, so that the common path costs
/// no round trip. Valid only for the same mount id, device and client process.
struct MountRecord {
  std::int64_t mount_id = 0;
  std::string device;  ///< `major:minor`
  std::string volume;  ///< GlusterVolume::to_string of who asked first
  std::string name_with_subdir;
  std::string volume_id;
  std::vector<std::string> servers;        ///< names and addresses under which it may be asked for
  ProcessId client;                        ///< pid 0: not visible from here
  std::chrono::milliseconds last_well{0};  ///< since boot

  /// Short-lived memory of a good answer: the rest of a request runs without asking again.
  [[nodiscard]] bool was_well_just_now() const;
  /// The name alone, as settings are kept by it.
  [[nodiscard]] std::string volume_name() const { return name_with_subdir.substr(0, name_with_subdir.find('/')); }
  /// Known to be this volume, by text alone.
  [[nodiscard]] bool is(const GlusterVolume& wanted) const;
};

[[nodiscard]] std::string device_text(const StorageDirView& view);

/// The record of the mount that @p view pins; nothing if it is of another one.
[[nodiscard]] std::optional<MountRecord> read_mount_record(const StateDir& state, const StorageDirView& view);
void write_mount_record(const StateDir& state, const MountRecord& record);

}  // namespace ganeti::gluster
