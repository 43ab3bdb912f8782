// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <ganeti-gluster/check/range.hpp>
#include <ganeti-gluster/check/report.hpp>
#include <ganeti-gluster/dropin/ganeti_tree.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

struct CheckOptions {
  std::string storage_dir;              ///< empty: what the cluster is configured with
  std::optional<GlusterVolume> volume;  ///< expected; empty: what the node uses, see report_volume
  std::chrono::milliseconds limit{10000};
  Range warning_free_percent{20};  ///< of space and of inodes
  Range critical_free_percent{10};
  std::chrono::milliseconds slow_answer{1000};
  bool write = false;  ///< also writes, reads and removes a small file on the volume
  NodePaths paths;
  ProgramPaths programs;
};

/// Told before each probe: its name, and the report so far.
using ProbeBegins = std::function<void(const std::string& name, const CheckReport& so_far)>;

/// Looks at everything that can be wrong with Gluster on this node, in the mount namespace of the node daemon, and
/// changes nothing but what a write probe writes. Mounts nothing and runs no other program. Enters that namespace.
///
/// Calls on a mount are made in expendable children. What else may block (files of /proc of a process that waits in
/// the kernel) is the caller's to bound: before each probe @p at is told its name, and what was found until then.
/// What cannot be judged, for want of rights too, is a probe without success in the report, and no exception.
[[nodiscard]] GANETI_GLUSTER_API CheckReport check_node(const CheckOptions& options, const ProbeBegins& at);

/// The same in a child process, so that it ends within the limit whatever blocks: then the report has the finding
/// CHECK_TIMEOUT, and CHECK_FAILED if the child could not be run or ended without a report, beside what was found
/// until then. A child that cannot be killed is left alone, and no second one is made while it lives. Does not change
/// this process's mount namespace.
[[nodiscard]] GANETI_GLUSTER_API CheckReport check_node_within(const CheckOptions& options);

}  // namespace ganeti::gluster
