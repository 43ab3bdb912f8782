// SPDX-License-Identifier: BSD-2-Clause
#include "switch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::tool {

std::vector<Switched> switch_trees(const ProgramPaths& programs, const std::function<bool(const Dropin&)>& work) {
  std::vector<Switched> result;
  for (auto& tree : find_ganeti_trees(programs)) {
    Switched one{tree, false, {}};
    try {
      one.changed = work(Dropin(tree, programs));
    } catch (const Error& error) {
      one.error = error.what();
      fmt::print(stderr, "ganeti-gluster: {}: {}\n", tree.in_force ? "error" : "warning", one.error);
    }
    result.push_back(std::move(one));
  }
  return result;
}

int exit_status(const std::vector<Switched>& trees) {
  const auto failed = [](const Switched& one) { return !one.error.empty(); };
  const bool in_force_failed =
      std::any_of(trees.begin(), trees.end(), [&](const Switched& one) { return one.tree.in_force && failed(one); });
  const bool all_failed = !trees.empty() && std::all_of(trees.begin(), trees.end(), failed);
  return in_force_failed || all_failed ? 1 : 0;
}

void print_switched(const std::vector<Switched>& trees, const char* done, const char* already) {
  for (const auto& one : trees) {
    if (one.error.empty()) {
      fmt::print("Ganeti {} ({}): {}\n", one.tree.version, one.tree.path, one.changed ? done : already);
    }
  }
}

Json to_json(const std::vector<Switched>& trees) {
  auto list = Json::array();
  for (const auto& one : trees) {
    list.push_back({{"version", one.tree.version},
                    {"path", one.tree.path},
                    {"in_force", one.tree.in_force},
                    {"changed", one.changed},
                    {"error", one.error.empty() ? Json() : Json(one.error)}});
  }
  return list;
}

}  // namespace ganeti::gluster::tool
