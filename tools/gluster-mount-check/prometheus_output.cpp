// SPDX-License-Identifier: BSD-2-Clause
#include "prometheus_output.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "plain.hpp"
#include "printable.hpp"

namespace ganeti::gluster::tool {
namespace {

using Labels = std::vector<std::pair<const char*, std::string>>;

// Printable ASCII has nothing to escape but these two.
std::string escape(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"') result += '\\';
    result += c;
  }
  return result;
}

std::string sample(const std::string& name, const Labels& labels, double value) {
  std::vector<std::string> pairs;
  for (const auto& [label, text] : labels) pairs.push_back(fmt::format("{}=\"{}\"", label, escape(text)));
  const auto number = value == value ? fmt::format("{}", value) : "NaN";
  const auto in_braces = pairs.empty() ? "" : fmt::format("{{{}}}", fmt::join(pairs, ","));
  return fmt::format("{}{} {}\n", name, in_braces, number);
}

class Metrics {
 public:
  // All metrics are gauges.
  void begin(const char* name, const char* help) {
    name_ = std::string("ganeti_gluster_") + name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name_, help);
  }
  void add(const Labels& labels, double value) { text_ += sample(name_, labels, value); }
  void single(const char* name, const char* help, double value) {
    begin(name, help);
    add({}, value);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

double number(const std::optional<std::uint64_t>& value) {
  return value ? static_cast<double>(*value) : std::numeric_limits<double>::quiet_NaN();
}

double seconds(const std::optional<std::chrono::microseconds>& duration) {
  return duration ? std::chrono::duration<double>(*duration).count() : std::numeric_limits<double>::quiet_NaN();
}

double used_ratio(const std::optional<std::uint64_t>& free, const std::optional<std::uint64_t>& size) {
  return size == std::optional<std::uint64_t>(0) ? std::numeric_limits<double>::quiet_NaN()
                                                 : 1 - number(free) / number(size);
}

void add_findings(Metrics& metrics, const CheckReport& report) {
  metrics.begin("finding_active", "Whether something is wrong, for each thing that can be.");
  for (const auto& kind : finding_kinds()) {
    const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                    [&](const Finding& finding) { return finding.code == kind.code; });
    const bool is_active = found != report.findings.end();
    const bool is_muted = is_active && found->mute;
    metrics.add({{"code", kind.code},
                 {"severity", to_string(is_active ? found->severity : kind.severity)},
                 {"muted", is_muted ? "true" : "false"}},
                is_active ? 1 : 0);
  }
}

void add_measurements(Metrics& metrics, const Measurements& measured) {
  metrics.single("answer_seconds", "Time that the root of the volume took to answer.", seconds(measured.answer_time));
  metrics.single("filesystem_size_bytes", "Size of the volume.", number(measured.size_bytes));
  metrics.single("filesystem_avail_bytes", "Free space of the volume.", number(measured.free_bytes));
  metrics.single("filesystem_used_ratio", "Part of the volume that is used.",
                 used_ratio(measured.free_bytes, measured.size_bytes));
  metrics.single("filesystem_files_used_ratio", "Part of the inodes of the volume that is used.",
                 used_ratio(measured.free_inodes, measured.inodes));
  metrics.single("images", "Disk images on the volume.", number(measured.images));
  metrics.single("images_size_bytes", "Size of all disk images together when they are full.",
                 number(measured.images_bytes));
  metrics.single("servers", "Servers of the volume, as far as known on this node.", number(measured.servers));
  metrics.single("servers_up", "Servers of the volume that answer.", number(measured.servers_up));
  metrics.single("holds", "Disks of this node that keep the volume mounted.", number(measured.holds));
}

}  // namespace

std::string prometheus_output(const CheckReport& report) {
  Metrics metrics;
  metrics.begin("check_info", "What was checked, and by which version.");
  metrics.add({{"version", report.version},
               {"node", report.node},
               {"storage_dir", report.storage_dir},
               {"volume", report.volume},
               {"state", report.state}},
              1);
  metrics.single("check_status", "Verdict: 0 ok, 1 warning, 2 critical, 3 unknown.",
                 static_cast<double>(report.severity()));
  metrics.single("check_timestamp_seconds", "When the check was made, in seconds since 1970.",
                 static_cast<double>(report.time));
  metrics.single("check_duration_seconds", "Time that the check took.", seconds(report.duration));
  metrics.begin("probe_success", "Whether a probe of the check could judge, whatever it found.");
  for (const auto& probe : report.probes) metrics.add({{"probe", probe.name}}, probe.success ? 1 : 0);
  add_findings(metrics, report);
  add_measurements(metrics, report.measured);
  return metrics.text();
}

}  // namespace ganeti::gluster::tool
