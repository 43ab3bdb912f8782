// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/check/finding.hpp>
#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// One look that a check took.
struct ProbeRun {
  std::string name;      ///< stable: `mount`, `servers`, ...
  bool success = false;  ///< it could judge, whatever it found
  std::chrono::microseconds duration{0};
  std::string detail;  ///< why it could not judge
};

/// What was measured. What could not be is absent, and never 0.
struct Measurements {
  std::optional<std::chrono::microseconds> answer_time;  ///< of the volume's root
  std::optional<std::uint64_t> size_bytes;               ///< of the volume
  std::optional<std::uint64_t> free_bytes;               ///< for root
  std::optional<std::uint64_t> inodes;
  std::optional<std::uint64_t> free_inodes;
  std::optional<std::uint64_t> images;        ///< files in the folder of disks
  std::optional<std::uint64_t> images_bytes;  ///< of all of them together when full
  std::optional<std::uint64_t> servers;       ///< of the volume, as far as known here
  std::optional<std::uint64_t> servers_up;    ///< those that answer
  std::optional<std::uint64_t> holds;
};

/// The verdict of one check of one node.
struct CheckReport {
  std::int64_t time = 0;  ///< seconds since 1970
  std::chrono::microseconds duration{0};
  std::string version;            ///< of this library
  std::string node;               ///< host name
  std::string storage_dir;        ///< as Ganeti spells it
  std::string volume;             ///< GlusterVolume::to_string; empty: none is known here
  std::string state;              ///< to_string of MountState; empty: could not be told
  std::vector<Finding> findings;  ///< worst first, each code at most once
  std::vector<ProbeRun> probes;   ///< in their order
  Measurements measured;

  /// Puts the worst findings first, and leaves equals in their order.
  GANETI_GLUSTER_API void sort_findings();
  /// The worst of what counts; unknown if nothing is wrong as far as could be judged, and not all could be.
  [[nodiscard]] GANETI_GLUSTER_API Severity severity() const noexcept;
};

/// The document that `gluster-mount-check --format json` prints and that outlives the check; see its schema.
/// Unknown numbers are null.
[[nodiscard]] GANETI_GLUSTER_API std::string to_json_text(const CheckReport& report);

/// The same without any line break.
[[nodiscard]] GANETI_GLUSTER_API std::string to_json_line(const CheckReport& report);

/// @throws Error (EINVAL) if it is no such document, or one of a later format.
[[nodiscard]] GANETI_GLUSTER_API CheckReport parse_check_report(const std::string& text);

}  // namespace ganeti::gluster
