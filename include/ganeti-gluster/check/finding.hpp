// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// How bad something is. Values are the exit statuses of monitoring plugins.
enum class Severity { ok = 0, warning = 1, critical = 2, unknown = 3 };
/// `OK`, `WARNING`, ...
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Severity severity);
/// The worse of two: critical, warning, unknown, ok, so that a look that failed never hides what another one saw.
[[nodiscard]] GANETI_GLUSTER_API Severity worse(Severity one, Severity other) noexcept;

/// One thing that can be wrong. Its code is the same in every output, in the journal, in errors and in the manual.
struct FindingKind {
  const char* code;         ///< `MOUNT_DEAD`
  Severity severity;        ///< unless thresholds decide
  const char* summary;      ///< what is wrong, in a few words
  const char* consequence;  ///< what it does to instances and to Ganeti
  const char* explanation;  ///< how it comes about and how to mend it, for one who never met it
  const char* ganeti_code;  ///< code of gnt-cluster verify under which it would fall
};

/// All kinds, sorted by code.
[[nodiscard]] GANETI_GLUSTER_API std::span<const FindingKind> finding_kinds() noexcept;
/// @returns nullptr if there is no such code.
[[nodiscard]] GANETI_GLUSTER_API const FindingKind* find_finding_kind(std::string_view code) noexcept;

/// An admin's wish not to be told of a finding for a while.
struct Mute {
  std::string code;
  std::int64_t until = 0;            ///< seconds since 1970; 0: no end of its own
  bool is_sticky = false;            ///< stays although the finding clears or gets worse
  std::uint64_t extent = 0;          ///< of the finding when it was muted; it ends when that grows
  std::string set_by;                ///< login name
  std::int64_t set_at = 0;           ///< seconds since 1970
  Severity severity = Severity::ok;  ///< of the finding when it was muted; it ends when that gets worse
};

/// One thing that is wrong now.
struct Finding {
  std::string code;
  Severity severity = Severity::warning;
  std::string evidence;                ///< what was seen, one line
  std::string cure;                    ///< what to do, a command to copy where there is one
  std::vector<std::string> objects;    ///< what is ill, the first hundred: servers, disks, files, processes
  std::vector<std::string> instances;  ///< of this node, that it endangers
  std::uint64_t extent = 1;            ///< how many things are ill
  std::int64_t since = 0;              ///< seconds since 1970: seen by every check since then; 0: nobody keeps count
  unsigned times_last_day = 1;         ///< how often it came up in the last 24 hours, this time included
  std::optional<Mute> mute;
  std::string probe;  ///< the look that found it (ProbeRun::name): it has cleared when that one finds it no more

  /// Counts for exit status and summary.
  [[nodiscard]] bool counts() const noexcept { return !mute; }
};

}  // namespace ganeti::gluster
