// SPDX-License-Identifier: BSD-2-Clause
#include "status_dropin.hpp"

#include <fmt/format.h>

namespace ganeti::gluster::tool {
namespace {

std::string describe(const NodeDaemon& daemon) {
  const auto* const what = [&] {
    switch (daemon.loaded) {
      case Loaded::no:
        return "without ganeti-gluster";
      case Loaded::yes:
        return "with ganeti-gluster";
      case Loaded::replaced:
        return "with an older ganeti-gluster";
      case Loaded::no_daemon:
        break;
    }
    return "";
  }();
  return daemon.loaded == Loaded::no_daemon ? "not running" : fmt::format("process {}, {}", daemon.pid, what);
}

// Of its own, since the words for people may be improved and these may not.
const char* name_of(Backend backend) {
  switch (backend) {
    case Backend::stock:
      return "stock";
    case Backend::ours:
      return "ours";
    case Backend::outdated:
      return "outdated";
    case Backend::foreign:
      return "foreign";
    case Backend::missing:
      break;
  }
  return "missing";
}

Json name_of(Loaded loaded) {
  switch (loaded) {
    case Loaded::no:
      return "no";
    case Loaded::yes:
      return "yes";
    case Loaded::replaced:
      return "replaced";
    case Loaded::no_daemon:
      break;
  }
  return nullptr;
}

Json to_json(const TreeStatus& status) {
  auto seams = Json::array();
  for (const auto& seam : status.python.seams) {
    seams.push_back({{"name", seam.name}, {"state", seam.state}, {"detail", text_or_null(seam.detail)}});
  }
  return {{"version", status.tree.version},
          {"path", status.tree.path},
          {"in_force", status.tree.in_force},
          {"backend", name_of(status.backend)},
          {"library_version", text_or_null(status.python.library_version)},
          {"error", text_or_null(status.python.error)},
          {"seams", std::move(seams)}};
}

}  // namespace

void print_dropin(const DropinStatus& status) {
  if (status.trees.empty()) return;
  std::vector<std::vector<std::string>> trees;
  std::vector<std::vector<std::string>> seams;
  std::vector<Field> errors;
  for (const auto& [tree, backend, python] : status.trees) {
    const auto& library = python.library_version;
    trees.push_back({tree.version, tree.in_force ? "yes" : "no", to_string(backend),
                     python.error.empty() ? library.empty() ? "-" : library : "BROKEN", tree.path});
    if (!python.error.empty()) errors.push_back({"Ganeti " + tree.version, python.error});
    for (const auto& seam : python.seams) {
      seams.push_back({tree.version, seam.name, seam.state, seam.detail.empty() ? "-" : seam.detail});
    }
  }
  fmt::print("\n");
  print_table({{"GANETI"}, {"IN FORCE"}, {"BACKEND"}, {"LIBRARY"}, {"PATH"}}, trees);
  if (!seams.empty()) {
    fmt::print("\n");
    print_table({{"GANETI"}, {"ALSO REPLACED"}, {"STATE"}, {"WHY"}}, seams);
  }
  fmt::print("\n");
  errors.push_back({"node daemon", describe(status.daemon)});
  errors.push_back({"next", status.next()});
  print_fields(errors);
}

Json to_json(const DropinStatus& status) {
  Json json;
  json["ganeti"] = Json::array();
  for (const auto& tree : status.trees) json["ganeti"].push_back(to_json(tree));
  const auto& daemon = status.daemon;
  json["node_daemon"] = daemon.loaded == Loaded::no_daemon
                            ? Json()
                            : Json{{"pid", daemon.pid}, {"ganeti_gluster", name_of(daemon.loaded)}};
  json["next"] = text_or_null(status.next());
  return json;
}

}  // namespace ganeti::gluster::tool
