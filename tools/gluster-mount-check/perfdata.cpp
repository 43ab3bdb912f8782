// SPDX-License-Identifier: BSD-2-Clause
#include "perfdata.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "plain.hpp"

namespace ganeti::gluster::tool {
namespace {

// The limits of a value, in its own unit.
struct Limits {
  std::string warning;
  std::string critical;
  std::string max;
};

std::string datum(const char* label, const std::optional<std::string>& value, const Limits& limits = {}) {
  if (!value) return fmt::format("{}=U", label);
  auto text = fmt::format("{}={};{};{};0;{}", label, *value, limits.warning, limits.critical, limits.max);
  while (text.ends_with(';')) text.pop_back();
  return text;
}

std::optional<std::string> count(const std::optional<std::uint64_t>& number, const char* unit = "") {
  return number ? std::optional(fmt::format("{}{}", *number, unit)) : std::nullopt;
}

std::optional<std::string> percent(const std::optional<double>& value) {
  return value ? std::optional(fmt::format("{:.2f}%", *value)) : std::nullopt;
}

std::string seconds_text(std::chrono::microseconds duration) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(duration).count());
}

// A range of percents as one of what these are percents of.
std::string range_of(const Range& percents, const std::optional<std::uint64_t>& whole) {
  if (!whole) return {};
  const auto scale = [&](double part) {
    return std::isinf(part) ? part : std::round(part / 100 * static_cast<double>(*whole));
  };
  return Range{scale(percents.start), scale(percents.end), percents.is_inside}.to_string();
}

}  // namespace

std::string perfdata(const CheckReport& report, const CheckOptions& options) {
  const auto& measured = report.measured;
  const auto& warning = options.warning_free_percent;
  const auto& critical = options.critical_free_percent;
  const Limits of_percent{warning.to_string(), critical.to_string(), "100"};
  const auto answer = measured.answer_time ? std::optional(seconds_text(*measured.answer_time) + "s") : std::nullopt;
  const auto counting =
      std::count_if(report.findings.begin(), report.findings.end(), [](const Finding& f) { return f.counts(); });
  const std::vector<std::string> data{
      datum("answer_time", answer, {seconds_text(options.slow_answer), {}, {}}),
      datum("free_percent", percent(free_percent(measured.free_bytes, measured.size_bytes)), of_percent),
      datum("free", count(measured.free_bytes, "B"),
            {range_of(warning, measured.size_bytes), range_of(critical, measured.size_bytes),
             count(measured.size_bytes).value_or("")}),
      datum("inodes_free_percent", percent(free_percent(measured.free_inodes, measured.inodes)), of_percent),
      datum("images", count(measured.images)),
      datum("images_size", count(measured.images_bytes, "B")),
      datum("servers_up", count(measured.servers_up), {{}, {}, count(measured.servers).value_or("")}),
      datum("holds", count(measured.holds)),
      datum("findings", fmt::format("{}", counting)),
      datum("check_time", seconds_text(report.duration) + "s")};
  return fmt::format("{}", fmt::join(data, " "));
}

}  // namespace ganeti::gluster::tool
