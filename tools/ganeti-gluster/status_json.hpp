// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/mount/status.hpp>

#include "output.hpp"

namespace ganeti::gluster::tool {

/// Everything of @p status; what there is not is null or an empty list, never absent.
[[nodiscard]] Json to_json(const MountStatus& status);
[[nodiscard]] Json process_json(const ProcessStatus& process);

}  // namespace ganeti::gluster::tool
