// SPDX-License-Identifier: BSD-2-Clause
#include "plain.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "age.hpp"
#include "printable.hpp"

namespace ganeti::gluster::tool {

std::string plain(std::string_view text) {
  auto result = printable(text);
  std::replace(result.begin(), result.end(), '|', '?');
  return result;
}

std::string join_some(const std::vector<std::string>& words, std::size_t most, std::uint64_t total) {
  const auto shown = std::min(words.size(), most);
  auto text = fmt::format("{}", fmt::join(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (total > shown) text += fmt::format(" and {} more", total - shown);
  return text;
}

std::string summary_of(const Finding& finding) {
  const auto* kind = find_finding_kind(finding.code);
  return kind != nullptr ? kind->summary : finding.evidence;
}

std::string describe_mute(const Finding& finding, std::int64_t now) {
  if (!finding.mute || finding.mute->until == 0) return finding.code;
  return fmt::format("{}({})", finding.code, format_age(finding.mute->until - now));
}

std::string describe_mutes(const CheckReport& report) {
  std::vector<std::string> muted;
  for (const auto& finding : report.findings) {
    if (finding.mute) muted.push_back(describe_mute(finding, report.time));
  }
  return fmt::format("{}", fmt::join(muted, ", "));
}

std::vector<std::string> describe_unjudged(const CheckReport& report) {
  std::vector<std::string> result;
  std::vector<std::string> names;
  const auto& probes = report.probes;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (probes[i].success) continue;
    names.push_back(probes[i].name);
    const bool goes_on = i + 1 < probes.size() && !probes[i + 1].success && probes[i + 1].detail == probes[i].detail;
    if (goes_on) continue;
    result.push_back(fmt::format("{}: {}", fmt::join(names, ", "), probes[i].detail));
    names.clear();
  }
  return result;
}

std::optional<double> free_percent(const std::optional<std::uint64_t>& free, const std::optional<std::uint64_t>& size) {
  if (!free || !size || *size == 0) return std::nullopt;
  return 100 * static_cast<double>(*free) / static_cast<double>(*size);
}

std::string format_milliseconds(std::chrono::microseconds duration) {
  return fmt::format("{:.1f} ms", static_cast<double>(duration.count()) / 1000);
}

}  // namespace ganeti::gluster::tool
