// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include <ganeti-gluster/dropin/dropin.hpp>
#include <ganeti-gluster/dropin/python_report.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// Whether the node daemon that runs now has our library in its memory.
enum class Loaded {
  no_daemon,  ///< no node daemon runs
  no,
  yes,
  replaced,  ///< yes, but its file has been replaced since
};

struct NodeDaemon {
  pid_t pid = 0;
  Loaded loaded = Loaded::no_daemon;
};
[[nodiscard]] GANETI_GLUSTER_API NodeDaemon look_at_node_daemon(const NodePaths& paths);

struct TreeStatus {
  GanetiTree tree;
  Backend backend = Backend::stock;
  PythonReport python;  ///< asked only where the module is ours
};

struct DropinStatus {
  std::vector<TreeStatus> trees;
  NodeDaemon daemon;

  /// Ours is in place in the version in force, and does not work.
  [[nodiscard]] GANETI_GLUSTER_API bool is_broken() const;
  /// What the admin can do now, on one line; empty: nothing.
  [[nodiscard]] GANETI_GLUSTER_API std::string next() const;
};

/// What is switched on in each version of Ganeti, and what the node daemon has of it. Changes nothing. With
/// Ask::nobody whether the library can be loaded is not known.
[[nodiscard]] GANETI_GLUSTER_API DropinStatus dropin_status(const ProgramPaths& programs, const NodePaths& paths,
                                                            Ask ask = Ask::programs);

/// Removes what this library keeps on the node: the folders for state, holds too. The mount itself
/// stays, whoever uses it. @throws Error
GANETI_GLUSTER_API void remove_node_state(const NodePaths& paths, const std::string& storage_dir);

}  // namespace ganeti::gluster
