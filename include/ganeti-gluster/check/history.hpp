// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include <ganeti-gluster/check/report.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// A finding that came, got worse or went between two checks.
struct Transition {
  enum class Kind { appeared, worsened, cleared };

  Kind kind = Kind::appeared;
  Finding finding;  ///< as the report has it; of one that cleared: code, severity and since, as remembered
};
/// `appeared`, `worsened`, `cleared`.
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Transition::Kind kind);

/// Compares a report with what this node remembers of earlier checks of the same storage dir, kept in
/// NodePaths::persistent_dir: fills in since when and how often each finding came up, and its mute; ends mutes.
///
/// A finding clears when the probe that found it ran well and found it no more: a probe that got no answer clears
/// nothing. Checks at the same time, of other storage dirs too, lose nothing.
/// @returns what changed since the last check, each change once on the node.
/// Throws nothing: what cannot be read or written is logged as a warning. Then nothing is told to have changed, so that
/// no check tells it again.
[[nodiscard]] GANETI_GLUSTER_API std::vector<Transition> remember_findings(const NodePaths& paths,
                                                                           CheckReport& report) noexcept;

}  // namespace ganeti::gluster
