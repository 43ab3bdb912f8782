// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <ganeti-gluster/check/report.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// Keeps a report in NodePaths::verdict_dir, for everybody to read, as the last one of its storage dir. Replaced as a
/// whole: readers see this one or the one before. Throws nothing: a report that cannot be kept is logged as a warning.
GANETI_GLUSTER_API void publish_verdict(const NodePaths& paths, const CheckReport& report) noexcept;

/// Which verdict is good enough.
struct VerdictRequest {
  std::string storage_dir;
  std::chrono::seconds max_age{300};
  std::int64_t time = 0;  ///< seconds since 1970: now
};

/// The last verdict that was published, mutes included, read without any right and without looking at the node.
/// Where there is none, or none that is good enough, the report says just that: it has the one finding VERDICT_STALE,
/// whose severity is unknown. Throws nothing for the state of the outside world.
[[nodiscard]] GANETI_GLUSTER_API CheckReport last_verdict(const NodePaths& paths, const VerdictRequest& request);

}  // namespace ganeti::gluster
