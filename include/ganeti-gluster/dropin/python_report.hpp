// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <ganeti-gluster/dropin/ganeti_tree.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// One function of Ganeti that is replaced besides the module.
struct Seam {
  std::string name;
  std::string state;   ///< `in place`, ...
  std::string detail;  ///< why it is not in place
};

/// What the node daemon's Python says of a tree.
struct PythonReport {
  std::string module;           ///< file that it loads for the module
  std::string library_version;  ///< empty if our library is not loaded
  std::vector<Seam> seams;
  std::string error;  ///< why our library does not work there; empty: it does, or it is not asked for
};

/// Loads what the node daemon loads, with the interpreter that its program names, in a child process
/// of its own; nothing is written.
/// @param module taken for the tree's module, as if it stood there already; empty: what stands there
/// @param limit after it the child is killed, and that is the report's error
[[nodiscard]] GANETI_GLUSTER_API PythonReport ask_python(const GanetiTree& tree, const std::string& module = {},
                                                         std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace ganeti::gluster
