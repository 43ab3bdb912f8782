// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/check/finding.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

namespace ganeti::gluster {

/// What an admin wants not to be told of.
struct MuteRequest {
  std::string code;
  std::optional<std::chrono::seconds> duration;  ///< empty: without an end of its own
  bool is_sticky = false;
  std::string set_by;     ///< login name
  std::int64_t time = 0;  ///< seconds since 1970: now
};

// Mutes are kept for each storage dir of the node in NodePaths::persistent_dir, so that they outlive a boot, and may
// be changed by several processes at once. They hide a finding from exit status and summary, and from nothing else.
// remember_findings() applies and ends them: by time, when the finding clears, and when it grows or gets worse; the
// sticky ones by time alone.

/// Mutes one finding on this node; an earlier mute of it is replaced.
/// @throws Error (EINVAL) if there is no such code or the duration is not positive; (ENOENT) if the last check did not
///   find it, unless sticky; what the file system says if mutes cannot be read or written.
GANETI_GLUSTER_API Mute mute_finding(const NodePaths& paths, const std::string& storage_dir,
                                     const MuteRequest& request);

/// @returns false if it was not muted. @throws Error as mute_finding
GANETI_GLUSTER_API bool unmute_finding(const NodePaths& paths, const std::string& storage_dir, const std::string& code);

/// The mutes that have not ended at @p time, sorted by code. @throws Error if they cannot be read.
[[nodiscard]] GANETI_GLUSTER_API std::vector<Mute> list_mutes(const NodePaths& paths, const std::string& storage_dir,
                                                              std::int64_t time);

}  // namespace ganeti::gluster
