// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace ganeti::gluster {

/// The path spelled as Ganeti spells it, which is what Python's os.path.normpath makes of it: no ".",
/// no "..", no doubled slash. Works on the text alone; across a symlink ".." names another folder.
[[nodiscard]] std::string normalise_path(const std::string& path);

}  // namespace ganeti::gluster
