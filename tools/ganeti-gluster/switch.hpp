// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/dropin/status.hpp>

#include "output.hpp"

namespace ganeti::gluster::tool {

/// What became of one version of Ganeti.
struct Switched {
  GanetiTree tree;
  bool changed = false;
  std::string error;  ///< why it was left as it is; empty: it was not
};

/// Does @p work on each version of Ganeti on this node, and says on standard error which were left as
/// they are.
[[nodiscard]] std::vector<Switched> switch_trees(const ProgramPaths& programs,
                                                 const std::function<bool(const Dropin&)>& work);

/// The exit status: 1 if the version in force was left as it is, or all were.
[[nodiscard]] int exit_status(const std::vector<Switched>& trees);

/// A line for each version: `3.0 (/usr/share/ganeti/3.0): WHAT`, @p already if nothing had to be done.
void print_switched(const std::vector<Switched>& trees, const char* done, const char* already);
[[nodiscard]] Json to_json(const std::vector<Switched>& trees);

}  // namespace ganeti::gluster::tool
