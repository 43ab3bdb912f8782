// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/status.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {
namespace {

constexpr const char* enable = "ganeti-gluster enable";

bool has_ours(const TreeStatus& status) {
  return status.backend == Backend::ours || status.backend == Backend::outdated;
}

const TreeStatus* find_in_force(const DropinStatus& status) {
  const auto found =
      std::find_if(status.trees.begin(), status.trees.end(), [](const auto& one) { return one.tree.in_force; });
  return found == status.trees.end() ? nullptr : &*found;
}

std::string restart(const GanetiTree& tree, const std::string& why) {
  const auto tool = tree.daemon_util();
  return fmt::format("restart the node daemon, {}: {} stop ganeti-noded && {} start ganeti-noded", why, tool, tool);
}

std::string next_for_ours(const TreeStatus& status, const NodeDaemon& daemon) {
  if (status.backend == Backend::outdated) return fmt::format("put the installed module in place: {}", enable);
  if (!status.python.error.empty()) {
    return "install ganeti-gluster again, or go back with: ganeti-gluster disable";
  }
  switch (daemon.loaded) {
    case Loaded::no:
      return restart(status.tree, "which does not use ganeti-gluster yet");
    case Loaded::replaced:
      return restart(status.tree, "which uses an older ganeti-gluster than the installed one");
    case Loaded::no_daemon:
    case Loaded::yes:
      break;
  }
  return {};
}

}  // namespace

bool DropinStatus::is_broken() const {
  const auto* status = find_in_force(*this);
  return status != nullptr && has_ours(*status) && !status->python.error.empty();
}

std::string DropinStatus::next() const {
  const auto* status = find_in_force(*this);
  if (status == nullptr) {
    return trees.empty() ? "" : "see which version is in force: ls -l /usr/share/ganeti/default";
  }
  if (has_ours(*status)) return next_for_ours(*status, daemon);
  if (status->backend == Backend::foreign) return "see what was changed in " + status->tree.module();
  if (daemon.loaded == Loaded::yes || daemon.loaded == Loaded::replaced) {
    return fmt::format("to go back to Ganeti's own module, {}, and then repeat: ganeti-gluster disable; to stay: {}",
                       restart(status->tree, "which still uses ganeti-gluster"), enable);
  }
  return fmt::format("to switch ganeti-gluster on: {}", enable);
}

DropinStatus dropin_status(const ProgramPaths& programs, const NodePaths& paths, Ask ask) {
  constexpr auto limit = std::chrono::seconds(10);
  DropinStatus status{{}, look_at_node_daemon(paths)};
  for (auto& tree : find_ganeti_trees(programs)) {
    TreeStatus one{tree, Backend::foreign, {}};
    try {
      one.backend = Dropin(tree, programs).backend(ask);
      if (has_ours(one) && ask == Ask::programs) one.python = ask_python(tree, {}, limit);
    } catch (const Error& error) {  // one tree must not hide the others, nor the mount
      one.python.error = error.what();
    }
    status.trees.push_back(std::move(one));
  }
  return status;
}

}  // namespace ganeti::gluster
