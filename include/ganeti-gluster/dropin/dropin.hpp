// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/dropin/ganeti_tree.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What stands in the place of a Ganeti's module for Gluster.
enum class Backend {
  stock,     ///< Ganeti's own
  ours,      ///< the module that is installed with this library
  outdated,  ///< ours, but with another text than the installed one
  foreign,   ///< neither: somebody changed it by hand
  missing,   ///< nothing
};
/// `stock`, `ganeti-gluster`, ...
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Backend backend);

/// Whether other programs are run to find something out: dpkg, and the node daemon's Python.
enum class Ask { programs, nobody };

/// The switch between Ganeti's own module and ours in one tree.
///
/// Each step looks at what is there and is taken only if it is missing, so that both directions can
/// be repeated, and completed after a kill. At every moment a whole module stands in the place.
/// Where Ganeti came from a package, a diversion in the name of our package keeps ours in place when
/// the package is installed anew. Needs root; not thread-safe.
class GANETI_GLUSTER_API Dropin {
 public:
  explicit Dropin(GanetiTree tree, ProgramPaths paths = {});

  [[nodiscard]] const GanetiTree& tree() const noexcept { return tree_; }
  /// With Ask::nobody a module that is not ours counts as Ganeti's own: only dpkg could tell.
  [[nodiscard]] Backend backend(Ask ask = Ask::programs) const;

  /// Puts our module in place, after the daemon's Python was seen to load it, and asks it again.
  /// @returns whether anything had to be done.
  /// @throws Error, before anything is changed: ELIBACC if that Python cannot load the library,
  /// EEXIST if somebody changed the module by hand or diverted it, EBUSY if another process is at
  /// it. Later: an errno, and the next call goes on from there; ELIBACC if what could be loaded for a
  /// trial cannot be loaded from its place, and then the original is back.
  bool enable() const;

  /// Puts the original back and removes the diversion. Neither Python nor our module is needed.
  /// @returns whether anything had to be done.
  /// @throws Error: EEXIST as above, ENOENT if the original is gone, EBUSY, or another errno.
  bool disable() const;

 private:
  void require_loadable(const std::string& module) const;

  GanetiTree tree_;
  ProgramPaths paths_;
};

}  // namespace ganeti::gluster
