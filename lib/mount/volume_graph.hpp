// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ganeti::gluster {

/// Parts of a distributed volume on which a file may lie and which cannot answer now: where they are down,
/// GlusterFS answers that the file is not there. None for a volume of one part, which answers by an error.
/// @param volfile what the client runs, see glusterfs(8); @param is_connected for each of its connections.
[[nodiscard]] std::vector<std::string> silent_parts(const std::string& volfile,
                                                    const std::function<bool(const std::string&)>& is_connected);

/// The same of a mounted volume, out of what its client says of itself: no brick is asked.
/// @param root of the mount. @throws Error with an errno if the client does not tell.
[[nodiscard]] std::vector<std::string> silent_parts(int root);

}  // namespace ganeti::gluster
