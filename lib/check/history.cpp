// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/history.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/try_to.hpp"
#include "check/memory.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::int64_t day_seconds = 86400;
constexpr std::size_t most_appearances = 1440;  // a finding that comes and goes with each check of every minute

using Remembered = std::vector<RememberedFinding>;

template <typename Entries>
auto find_code(Entries& entries, const std::string& code) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.code == code; });
  return found == entries.end() ? nullptr : &*found;
}

// What a clock that was ahead wrote down happened just now.
void forget_old(RememberedFinding& known, std::int64_t now) {
  known.since = std::min(known.since, now);
  for (auto& time : known.appeared) time = std::min(time, now);
  std::erase_if(known.appeared, [&](std::int64_t time) { return time <= now - day_seconds; });
  const auto surplus = std::max(known.appeared.size(), most_appearances) - most_appearances;
  known.appeared.erase(known.appeared.begin(), known.appeared.begin() + static_cast<std::ptrdiff_t>(surplus));
}

bool has_answered(const CheckReport& report, const std::string& probe) {
  return probe.empty() || std::any_of(report.probes.begin(), report.probes.end(),
                                      [&](const auto& run) { return run.name == probe && run.success; });
}

bool is_worse(Severity now, Severity before) { return now != before && worse(now, before) == now; }

// @returns what happened to it, if anything.
std::optional<Transition::Kind> remember(Remembered& findings, Finding& finding, std::int64_t now) {
  auto* known = find_code(findings, finding.code);
  if (known == nullptr) {
    known = &findings.emplace_back();
    known->code = finding.code;
  }
  std::optional<Transition::Kind> change;
  if (known->since == 0) {
    change = Transition::Kind::appeared;
    known->since = now;
    known->appeared.push_back(now);
    forget_old(*known, now);
  } else if (is_worse(finding.severity, known->severity)) {
    change = Transition::Kind::worsened;
  }
  known->probe = finding.probe;
  known->severity = finding.severity;
  known->extent = finding.extent;
  finding.since = known->since;
  finding.times_last_day = std::max(1U, static_cast<unsigned>(known->appeared.size()));
  return change;
}

Transition clear(RememberedFinding& known) {
  Transition transition{Transition::Kind::cleared, {}};
  transition.finding.code = known.code;
  transition.finding.severity = known.severity;
  transition.finding.since = known.since;
  transition.finding.probe = known.probe;
  known.since = 0;
  return transition;
}

// Brings what is remembered, and the report, up to date with each other.
std::vector<Transition> compare(Remembered& findings, CheckReport& report) {
  std::vector<Transition> transitions;
  for (auto& known : findings) forget_old(known, report.time);
  for (auto& finding : report.findings) {
    if (const auto change = remember(findings, finding, report.time)) transitions.push_back({*change, finding});
  }
  for (auto& known : findings) {
    const bool is_there = known.since != 0 && find_code(report.findings, known.code) != nullptr;
    if (known.since != 0 && !is_there && has_answered(report, known.probe)) transitions.push_back(clear(known));
  }
  std::erase_if(findings, [](const auto& known) { return known.since == 0 && known.appeared.empty(); });
  return transitions;
}

// Why a mute ends now; nullptr if it goes on.
const char* end_of(const Mute& mute, const Remembered& findings, std::int64_t now) {
  if (mute.until != 0 && mute.until <= now) return "its time is over";
  if (mute.is_sticky) return nullptr;
  const auto* known = find_code(findings, mute.code);
  if (known == nullptr || known->since == 0) return "the finding has cleared";
  if (known->extent > mute.extent) return "the finding has grown";
  return is_worse(known->severity, mute.severity) ? "the finding got worse" : nullptr;
}

void apply(std::vector<Mute>& mutes, const Remembered& findings, CheckReport& report) {
  for (auto& mute : mutes) {
    // Set when the clock was ahead: it lasts as long as was asked for.
    const auto ahead = std::max<std::int64_t>(mute.set_at - report.time, 0);
    if (mute.until != 0) mute.until -= ahead;
    mute.set_at -= ahead;
  }
  std::erase_if(mutes, [&](const Mute& mute) {
    const auto* reason = end_of(mute, findings, report.time);
    if (reason != nullptr) log(LogLevel::info, "{} is not muted any more: {}", mute.code, reason);
    return reason != nullptr;
  });
  for (auto& finding : report.findings) {
    if (const auto* mute = find_code(mutes, finding.code)) finding.mute = *mute;
  }
}

// What is remembered must not be what keeps a check from judging.
template <typename Read>
auto read_or_nothing(const char* what, const std::string& storage_dir, Read read) {
  std::optional<decltype(read())> result;
  try_to(what, storage_dir, [&] { result = read(); });
  return result;
}

std::vector<Transition> remember_in(const FindingMemory& memory, CheckReport& report) {
  std::optional<UniqueFd> lock;
  try_to("remember findings", report.storage_dir, [&] { lock = memory.lock(); });
  auto findings =
      read_or_nothing("recall findings", report.storage_dir, [&] { return memory.findings(); }).value_or(Remembered());
  auto mutes = read_or_nothing("apply mutes", report.storage_dir, [&] { return memory.mutes(); });
  auto transitions = compare(findings, report);
  if (mutes) apply(*mutes, findings, report);
  if (!lock) return {};
  if (mutes) try_to("keep mutes", report.storage_dir, [&] { memory.keep_mutes(*mutes); });
  memory.keep_findings(findings);
  return transitions;
}

}  // namespace

std::string to_string(Transition::Kind kind) {
  switch (kind) {
    case Transition::Kind::appeared:
      return "appeared";
    case Transition::Kind::worsened:
      return "worsened";
    case Transition::Kind::cleared:
      break;
  }
  return "cleared";
}

std::vector<Transition> remember_findings(const NodePaths& paths, CheckReport& report) noexcept {
  std::vector<Transition> transitions;
  try_to("remember findings", report.storage_dir,
         [&] { transitions = remember_in(FindingMemory(paths, report.storage_dir), report); });
  return transitions;
}

}  // namespace ganeti::gluster
