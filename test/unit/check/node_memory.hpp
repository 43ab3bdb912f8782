// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/check/history.hpp>
#include <ganeti-gluster/check/mutes.hpp>
#include <ganeti-gluster/log.hpp>

#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster::test {

inline constexpr std::int64_t noon = 1'800'000'000;  ///< seconds since 1970
inline constexpr std::int64_t hour = 3600;
inline constexpr std::int64_t day = 24 * hour;

/// A finding as the probe `mount` finds it.
inline Finding finding(const std::string& code, std::uint64_t extent = 1, Severity severity = Severity::warning) {
  Finding found;
  found.code = code;
  found.severity = severity;
  found.extent = extent;
  found.probe = "mount";
  return found;
}

/// A node's memory of its findings, and checks of it.
class NodeMemory {
 public:
  NodeMemory() { paths_.persistent_dir = scratch_.path("memory"); }

  [[nodiscard]] const NodePaths& paths() const { return paths_; }
  [[nodiscard]] std::string file(const std::string& kind) const {
    return paths_.persistent_dir + "/" + kind + "--run-ganeti-gluster";
  }

  /// A check in which the probe `mount` answered.
  CheckReport check(std::int64_t time, const std::vector<Finding>& findings) {
    return check(time, findings, {{"mount", true, {}, {}}});
  }

  CheckReport check(std::int64_t time, const std::vector<Finding>& findings, const std::vector<ProbeRun>& probes) {
    CheckReport report;
    report.time = time;
    report.storage_dir = "/run/ganeti/gluster";
    report.findings = findings;
    report.probes = probes;
    changes.clear();
    for (const auto& change : remember_findings(paths_, report)) {
      changes.push_back(to_string(change.kind) + " " + change.finding.code);
    }
    return report;
  }

  Mute mute(const MuteRequest& request) const { return mute_finding(paths_, "/run/ganeti/gluster", request); }
  [[nodiscard]] bool unmute(const std::string& code) const {
    return unmute_finding(paths_, "/run/ganeti/gluster", code);
  }
  [[nodiscard]] std::vector<std::string> muted(std::int64_t time) const {
    std::vector<std::string> codes;
    for (const auto& mute : list_mutes(paths_, "/run/ganeti/gluster", time)) codes.push_back(mute.code);
    return codes;
  }

  std::vector<std::string> changes;  ///< of the last check

 private:
  Scratch scratch_;
  NodePaths paths_;
};

/// The warnings of the library while it lives.
class Warnings {
 public:
  Warnings() {
    set_log_sink([this](LogLevel level, std::string_view message) {
      if (level >= LogLevel::warning) lines.emplace_back(message);
    });
  }
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;
  ~Warnings() { set_log_sink({}); }

  std::vector<std::string> lines;
};

}  // namespace ganeti::gluster::test
