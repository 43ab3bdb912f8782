// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// Our module as it was installed, ready to be put in place.
[[nodiscard]] GANETI_GLUSTER_API std::string installed_module();

/// Where Ganeti's programs lie on a node; the defaults are Debian's, and those of an installation
/// from Ganeti's sources.
struct ProgramPaths {
  /// Folders with one tree for each version of Ganeti, and a link `default` to the one in force.
  std::vector<std::string> ganeti_roots{"/usr/share/ganeti", "/usr/local/share/ganeti"};
  /// The module that takes the place of Ganeti's.
  std::string module = installed_module();
  /// dpkg's database, empty: the one that dpkg takes. Where there is none, no file belongs to a package.
  std::string dpkg_admin_dir;
};

/// One version of Ganeti on this node.
struct GanetiTree {
  std::string version;  ///< name of its folder: `3.0`
  std::string path;     ///< the folder, in which its programs and the Python package `ganeti` lie
  bool in_force = false;

  /// Folder of the module that is replaced.
  [[nodiscard]] std::string storage_folder() const { return path + "/ganeti/storage"; }
  /// The module that is replaced.
  [[nodiscard]] std::string module() const { return storage_folder() + "/gluster.py"; }
  /// Where its original is kept meanwhile: no name that Python or Debian's tools take for a module.
  [[nodiscard]] std::string original() const { return module() + ".ganeti-stock"; }
  /// Whether this version is there: one that was removed leaves what it did not bring, as our module.
  [[nodiscard]] GANETI_GLUSTER_API bool is_installed() const;
  /// Ganeti's own program that starts and stops its daemons.
  [[nodiscard]] GANETI_GLUSTER_API std::string daemon_util() const;
};

/// All versions on this node that have, or had, a module for Gluster; sorted by path. The version in
/// force is the one of the link `default`, or the only one where there is no such link.
[[nodiscard]] GANETI_GLUSTER_API std::vector<GanetiTree> find_ganeti_trees(const ProgramPaths& paths);

}  // namespace ganeti::gluster
