// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/dropin/status.hpp>

#include "output.hpp"

namespace ganeti::gluster::tool {

/// What Ganeti uses: nothing on a node without Ganeti.
void print_dropin(const DropinStatus& status);
[[nodiscard]] Json to_json(const DropinStatus& status);

}  // namespace ganeti::gluster::tool
