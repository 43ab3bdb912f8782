// SPDX-License-Identifier: BSD-2-Clause
#include "base/path.hpp"

#include <algorithm>
#include <vector>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/split.hpp>

namespace ganeti::gluster {

// Not Boost's lexically_normal: it climbs above the root, and takes "//name" for a machine's.
std::string normalise_path(const std::string& path) {
  const auto slashes = std::min(path.find_first_not_of('/'), path.size());
  // POSIX lets a system give two leading slashes a meaning of their own; three are one.
  const std::string root(slashes > 2 ? 1 : slashes, '/');
  std::vector<std::string> names;
  boost::split(names, path, boost::is_any_of("/"));
  std::vector<std::string> kept;
  for (auto& name : names) {
    if (name.empty() || name == ".") continue;
    if (name != ".." || (root.empty() && (kept.empty() || kept.back() == ".."))) {
      kept.push_back(std::move(name));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  const auto normal = root + boost::join(kept, "/");
  return normal.empty() ? "." : normal;
}

}  // namespace ganeti::gluster
