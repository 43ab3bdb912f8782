// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ganeti-gluster/check/repair.hpp>
#include <ganeti-gluster/mount/mounter.hpp>

namespace ganeti::gluster {

/// What the repairs of one plan share.
struct RepairContext {
  CheckOptions options;
  std::string storage_dir;
  std::string volume;  ///< GlusterVolume::to_string; empty: not known
  Mounter mounter;
  RepairScope scope;
};
using SharedRepair = std::shared_ptr<const RepairContext>;

/// Makes the step for a finding of the mount, or of its holds. @returns a step without a repair if there is none.
[[nodiscard]] RepairStep plan_mount_repair(const SharedRepair& context, const Finding& finding);
/// Likewise for what lies on the volume.
[[nodiscard]] RepairStep plan_image_repair(const SharedRepair& context, const Finding& finding);

}  // namespace ganeti::gluster
