// SPDX-License-Identifier: BSD-2-Clause
#include "text_output.hpp"

#include <algorithm>
#include <vector>

#include <fmt/color.h>
#include <fmt/format.h>

#include "age.hpp"
#include "plain.hpp"
#include "printable.hpp"
#include "size.hpp"
#include "wrap.hpp"

namespace ganeti::gluster::tool {
namespace {

constexpr const char* not_known = "?";  // as Ganeti shows what there is no data for (ganeti(7))
constexpr std::size_t label_width = 11;
constexpr std::size_t most_objects = 10;

std::string paint(const std::string& text, Severity severity, const TextStyle& style) {
  if (!style.color) return text;
  const auto color = [&] {
    switch (severity) {
      case Severity::ok:
        return fmt::terminal_color::green;
      case Severity::warning:
        return fmt::terminal_color::yellow;
      case Severity::critical:
        return fmt::terminal_color::red;
      case Severity::unknown:
        break;
    }
    return fmt::terminal_color::magenta;
  }();
  return fmt::format(fmt::emphasis::bold | fmt::fg(color), "{}", text);
}

std::string painted(Severity severity, const TextStyle& style) { return paint(to_string(severity), severity, style); }

// A line `label: text`, with what does not fit below the text; no line without text.
std::string field(const char* label, const std::string& text, const TextStyle& style) {
  if (text.empty()) return {};
  const auto head = fmt::format("{:>{}}: ", label, label_width);
  return head + wrap(printable(text), head.size(), style.width) + "\n";
}

// The same for a command to copy, which stays on one line.
std::string command_field(const char* label, const std::string& text) {
  return text.empty() ? "" : fmt::format("{:>{}}: {}\n", label, label_width, printable(text));
}

std::string describe_since(const Finding& finding, std::int64_t now) {
  if (finding.since == 0) return {};
  const auto times = finding.times_last_day;
  return fmt::format("{} ({}), {} in the last day",
                     format_time(std::chrono::sys_seconds(std::chrono::seconds(finding.since))),
                     format_age(now - finding.since), times == 1 ? "once" : fmt::format("{} times", times));
}

std::string describe_muting(const Finding& finding) {
  if (!finding.mute) return {};
  const auto& mute = *finding.mute;
  const auto end =
      mute.until == 0 ? "for good" : "until " + format_time(std::chrono::sys_seconds(std::chrono::seconds(mute.until)));
  const auto* what = mute.is_sticky ? ", also if it clears or gets worse" : ", or until it clears or gets worse";
  return fmt::format("{}{}, by {}", end, what, mute.set_by.empty() ? not_known : mute.set_by);
}

std::string describe(const Finding& finding, std::int64_t now, const TextStyle& style) {
  const auto* kind = find_finding_kind(finding.code);
  auto text = fmt::format("\n{} {}{}: {}\n", painted(finding.severity, style), printable(finding.code),
                          finding.mute ? " (muted)" : "", printable(summary_of(finding)));
  text += field("evidence", finding.evidence, style);
  if (!finding.objects.empty()) {
    text += field("affected", join_some(finding.objects, most_objects, finding.extent), style);
  }
  text += field("consequence", kind != nullptr ? kind->consequence : "", style);
  text += field("endangers", fmt::format("{}", fmt::join(finding.instances, ", ")), style);
  text += field("since", describe_since(finding, now), style);
  text += field("muted", describe_muting(finding), style);
  text += command_field("cure", finding.cure);
  text += command_field("see", fmt::format("gluster-mount-check(8), gluster-mount-check explain {}", finding.code));
  return text;
}

std::string describe_free(const std::optional<std::uint64_t>& free, const std::optional<std::uint64_t>& size,
                          bool in_bytes) {
  const auto percent = free_percent(free, size);
  if (!percent) return not_known;
  const auto show = [&](std::uint64_t n) { return in_bytes ? format_size(n) : std::to_string(n); };
  return fmt::format("{:.0f} % free: {} of {}", *percent, show(*free), show(*size));
}

std::string describe_images(const Measurements& measured) {
  if (!measured.images) return not_known;
  auto text = std::to_string(*measured.images);
  if (measured.images_bytes) text += fmt::format(", {} when all are full", format_size(*measured.images_bytes));
  return text;
}

std::string describe_servers(const Measurements& measured) {
  if (!measured.servers || !measured.servers_up) return not_known;
  return fmt::format("{} of {} answer", *measured.servers_up, *measured.servers);
}

std::string describe_state(const CheckReport& report) {
  if (report.state.empty()) return not_known;
  const auto& answer = report.measured.answer_time;
  return answer ? fmt::format("{}, answers in {}", report.state, format_milliseconds(*answer)) : report.state;
}

std::string facts(const CheckReport& report, const TextStyle& style) {
  const auto& measured = report.measured;
  const auto checked =
      fmt::format("{}, in {}, by version {}", format_time(std::chrono::sys_seconds(std::chrono::seconds(report.time))),
                  format_milliseconds(report.duration), report.version);
  return field("node", report.node, style) +
         fmt::format("{:>{}}: {}\n", "verdict", label_width, painted(report.severity(), style)) +
         field("muted", describe_mutes(report), style) + field("storage dir", report.storage_dir, style) +
         field("volume", report.volume.empty() ? not_known : report.volume, style) +
         field("state", describe_state(report), style) +
         field("space", describe_free(measured.free_bytes, measured.size_bytes, true), style) +
         field("inodes", describe_free(measured.free_inodes, measured.inodes, false), style) +
         field("images", describe_images(measured), style) + field("servers", describe_servers(measured), style) +
         field("holds", measured.holds ? std::to_string(*measured.holds) : not_known, style) +
         field("checked", checked, style);
}

std::string describe_probes(const CheckReport& report, const TextStyle& style) {
  std::string text;
  for (const auto& probe : report.probes) {
    if (style.probes && probe.success) {
      text += field("probe", fmt::format("{}: {}", probe.name, format_milliseconds(probe.duration)), style);
    }
  }
  for (const auto& unjudged : describe_unjudged(report)) text += field("not judged", unjudged, style);
  return text;
}

}  // namespace

std::string text_output(const CheckReport& report, const TextStyle& style) {
  std::string text = style.ill_only ? "" : facts(report, style);
  text += describe_probes(report, style);
  for (const auto& finding : report.findings) {
    if (finding.counts() || !style.ill_only) text += describe(finding, report.time, style);
  }
  if (text.empty()) {
    const auto muted = describe_mutes(report);
    return fmt::format("{}: all is well{}\n", printable(report.node), muted.empty() ? "" : "; muted: " + muted);
  }
  return text.starts_with('\n') ? text.substr(1) : text;
}

}  // namespace ganeti::gluster::tool
