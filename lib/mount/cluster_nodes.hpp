// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// Addresses of the nodes of this Ganeti cluster (ssconf's `node_primary_ips`, one line `NAME ADDRESS`
/// each). None where there is no such file; what makes no sense is left out.
[[nodiscard]] std::vector<std::string> cluster_node_addresses(const NodePaths& paths);

}  // namespace ganeti::gluster
