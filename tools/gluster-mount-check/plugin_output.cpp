// SPDX-License-Identifier: BSD-2-Clause
#include "plugin_output.hpp"

#include <vector>

#include <fmt/format.h>

#include "perfdata.hpp"
#include "plain.hpp"

namespace ganeti::gluster::tool {
namespace {

constexpr const char* service = "GLUSTER";
constexpr std::size_t most_in_line = 5;  // a monitoring system takes a few kilobytes

std::string describe_well(const CheckReport& report) {
  auto text = fmt::format("{} on {}: {}", report.volume.empty() ? "no volume" : report.volume, report.storage_dir,
                          report.state.empty() ? "?" : report.state);
  if (report.measured.answer_time) text += ", " + format_milliseconds(*report.measured.answer_time);
  if (const auto free = free_percent(report.measured.free_bytes, report.measured.size_bytes)) {
    text += fmt::format(", {:.0f} % free", *free);
  }
  return text;
}

std::string describe(const Finding& finding, bool with_objects) {
  auto text = fmt::format("{}: {}", finding.code, summary_of(finding));
  if (finding.severity == Severity::unknown) text += ": " + finding.evidence;  // such as where the time ran out
  if (with_objects && !finding.objects.empty()) {
    text += fmt::format(" ({})", join_some(finding.objects, most_in_line, finding.extent));
  }
  return text;
}

// What counts, the worst first. Probes that could not judge matter only where nothing else tells why.
std::vector<std::string> items(const CheckReport& report, bool with_objects) {
  std::vector<std::string> result;
  for (const auto& finding : report.findings) {
    if (finding.counts()) result.push_back(describe(finding, with_objects));
  }
  if (!result.empty()) return result;
  for (const auto& text : describe_unjudged(report)) result.push_back("cannot judge " + text);
  return result;
}

std::string first_text(const CheckReport& report, int verbosity) {
  const auto ill = items(report, verbosity > 0);
  std::string text;
  if (ill.empty()) {
    text = describe_well(report);
  } else if (verbosity > 0) {
    text = fmt::format("{}", fmt::join(ill, "; "));
  } else {
    text = ill.front();
    if (ill.size() > 1) text += fmt::format("; {} more", ill.size() - 1);
  }
  const auto muted = describe_mutes(report);
  return muted.empty() ? text : fmt::format("{}; muted: {}", text, muted);
}

std::string long_line(const Finding& finding) {
  auto text = fmt::format("[{}{}] {}: {}", to_string(finding.severity), finding.mute ? ", muted" : "", finding.code,
                          finding.evidence);
  if (!finding.instances.empty()) {
    text += "; endangers " + join_some(finding.instances, most_in_line, finding.instances.size());
  }
  if (!finding.cure.empty()) text += "; cure: " + finding.cure;
  return text;
}

std::string long_line(const ProbeRun& probe) {
  return fmt::format("[probe] {}: {}", probe.name,
                     probe.success ? format_milliseconds(probe.duration) : "cannot judge: " + probe.detail);
}

}  // namespace

std::string plugin_output(const CheckReport& report, const CheckOptions& options, int verbosity) {
  auto text = fmt::format("{} {} - {} | {}\n", service, to_string(report.severity()),
                          plain(first_text(report, verbosity)), perfdata(report, options));
  if (verbosity > 1) {
    for (const auto& finding : report.findings) text += plain(long_line(finding)) + "\n";
  }
  if (verbosity > 2) {
    for (const auto& probe : report.probes) text += plain(long_line(probe)) + "\n";
  }
  return text;
}

std::string plugin_unknown(const std::string& why) {
  return fmt::format("{} {} - {}\n", service, to_string(Severity::unknown), plain(why));
}

}  // namespace ganeti::gluster::tool
