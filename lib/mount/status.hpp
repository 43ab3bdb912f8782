// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/mount/status.hpp>

#include "base/process.hpp"

namespace ganeti::gluster {

[[nodiscard]] ProcessStatus describe(const ProcessId& process);

}  // namespace ganeti::gluster
