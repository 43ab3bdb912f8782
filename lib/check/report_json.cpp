// SPDX-License-Identifier: BSD-2-Clause
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/check/report.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::microseconds;

constexpr int format_version = 1;
constexpr std::int64_t ns_per_second = 1'000'000'000;

// What Ganeti's monitoring agent expects of a collector (Ganeti: doc/design-monitoring-agent.rst).
constexpr const char* collector = "gluster-mount-check";
constexpr const char* category = "storage";
constexpr int status_reporting = 1;

int agent_code(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return 0;
    case Severity::warning:  // as the agent has it: wrong, and Ganeti cannot mend it
    case Severity::critical:
      return 4;
    case Severity::unknown:
      break;
  }
  return 2;
}

double seconds(microseconds duration) { return std::chrono::duration<double>(duration).count(); }

microseconds read_duration(const Json& json) { return microseconds(std::llround(json.get<double>() * 1e6)); }

// A time of 0 is none.
Json time_to_json(std::int64_t time) { return time == 0 ? Json() : Json(time); }
std::int64_t read_time(const Json& json) { return json.is_null() ? 0 : json.get<std::int64_t>(); }

Json text_to_json(const std::string& text) { return text.empty() ? Json() : Json(text); }
std::string read_text(const Json& json) { return json.is_null() ? "" : json.get<std::string>(); }

Json number_to_json(const std::optional<std::uint64_t>& number) { return number ? Json(*number) : Json(); }
std::optional<std::uint64_t> read_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::uint64_t>());
}

Severity read_severity(const Json& json) {
  const auto text = json.get<std::string>();
  for (const auto severity : {Severity::ok, Severity::warning, Severity::critical, Severity::unknown}) {
    if (to_string(severity) == text) return severity;
  }
  throw std::invalid_argument(fmt::format("there is no severity '{}'", text));
}

Json mute_to_json(const Mute& mute) {
  return {{"until_seconds", time_to_json(mute.until)}, {"sticky", mute.is_sticky}, {"extent", mute.extent},
          {"severity", to_string(mute.severity)},      {"set_by", mute.set_by},    {"set_at_seconds", mute.set_at}};
}

Mute read_mute(const Json& json, const std::string& code) {
  return {code,
          read_time(json.at("until_seconds")),
          json.at("sticky").get<bool>(),
          json.at("extent").get<std::uint64_t>(),
          json.at("set_by").get<std::string>(),
          json.at("set_at_seconds").get<std::int64_t>(),
          read_severity(json.at("severity"))};
}

Json to_json(const Finding& finding) {
  const auto* kind = find_finding_kind(finding.code);
  return {{"code", finding.code},
          {"severity", to_string(finding.severity)},
          {"summary", kind != nullptr ? kind->summary : ""},
          {"evidence", finding.evidence},
          {"consequence", kind != nullptr ? kind->consequence : ""},
          {"cure", finding.cure},
          {"objects", finding.objects},
          {"instances", finding.instances},
          {"extent", finding.extent},
          {"probe", finding.probe},
          {"since_seconds", time_to_json(finding.since)},
          {"times_last_day", finding.times_last_day},
          {"mute", finding.mute ? mute_to_json(*finding.mute) : Json()}};
}

Finding read_finding(const Json& json) {
  Finding finding;
  finding.code = json.at("code").get<std::string>();
  finding.severity = read_severity(json.at("severity"));
  finding.evidence = json.at("evidence").get<std::string>();
  finding.cure = json.at("cure").get<std::string>();
  finding.objects = json.at("objects").get<std::vector<std::string>>();
  finding.instances = json.at("instances").get<std::vector<std::string>>();
  finding.extent = json.at("extent").get<std::uint64_t>();
  finding.probe = json.at("probe").get<std::string>();
  finding.since = read_time(json.at("since_seconds"));
  finding.times_last_day = json.at("times_last_day").get<unsigned>();
  if (const auto& mute = json.at("mute"); !mute.is_null()) finding.mute = read_mute(mute, finding.code);
  return finding;
}

Json to_json(const ProbeRun& probe) {
  return {{"name", probe.name},
          {"success", probe.success},
          {"duration_seconds", seconds(probe.duration)},
          {"detail", probe.detail}};
}

ProbeRun read_probe(const Json& json) {
  return {json.at("name").get<std::string>(), json.at("success").get<bool>(),
          read_duration(json.at("duration_seconds")), json.at("detail").get<std::string>()};
}

// One list for both directions.
constexpr std::pair<const char*, std::optional<std::uint64_t> Measurements::*> numbers[] = {
    {"size_bytes", &Measurements::size_bytes},
    {"free_bytes", &Measurements::free_bytes},
    {"inodes", &Measurements::inodes},
    {"free_inodes", &Measurements::free_inodes},
    {"images", &Measurements::images},
    {"images_bytes", &Measurements::images_bytes},
    {"servers", &Measurements::servers},
    {"servers_up", &Measurements::servers_up},
    {"holds", &Measurements::holds}};

Json to_json(const Measurements& measured) {
  Json json;
  json["answer_seconds"] = measured.answer_time ? Json(seconds(*measured.answer_time)) : Json();
  for (const auto& [key, member] : numbers) json[key] = number_to_json(measured.*member);
  return json;
}

Measurements read_measurements(const Json& json) {
  Measurements measured;
  const auto& answer = json.at("answer_seconds");
  if (!answer.is_null()) measured.answer_time = read_duration(answer);
  for (const auto& [key, member] : numbers) measured.*member = read_number(json.at(key));
  return measured;
}

template <typename Element, typename Convert>
Json list_to_json(const std::vector<Element>& elements, Convert convert) {
  auto list = Json::array();
  for (const auto& element : elements) list.push_back(convert(element));
  return list;
}

// The worst of what counts, in one line.
std::string agent_message(const CheckReport& report) {
  for (const auto& finding : report.findings) {
    if (finding.counts() && finding.severity == report.severity()) return finding.code + ": " + finding.evidence;
  }
  return "";
}

Json verdict_to_json(const CheckReport& report) {
  return {{"status", {{"code", agent_code(report.severity())}, {"message", agent_message(report)}}},
          {"severity", to_string(report.severity())},
          {"duration_seconds", seconds(report.duration)},
          {"node", report.node},
          {"storage_dir", report.storage_dir},
          {"volume", text_to_json(report.volume)},
          {"state", text_to_json(report.state)},
          {"findings", list_to_json(report.findings, [](const Finding& finding) { return to_json(finding); })},
          {"measured", to_json(report.measured)},
          {"probes", list_to_json(report.probes, [](const ProbeRun& probe) { return to_json(probe); })}};
}

CheckReport read_report(const Json& json) {
  const auto version = json.at("format_version").get<int>();
  if (version > format_version) {
    throw std::invalid_argument(fmt::format("its format_version is {}, known is {}", version, format_version));
  }
  const auto& data = json.at("data");
  CheckReport report;
  report.time = json.at("timestamp").get<std::int64_t>() / ns_per_second;
  report.duration = read_duration(data.at("duration_seconds"));
  report.version = json.at("version").get<std::string>();
  report.node = data.at("node").get<std::string>();
  report.storage_dir = data.at("storage_dir").get<std::string>();
  report.volume = read_text(data.at("volume"));
  report.state = read_text(data.at("state"));
  for (const auto& finding : data.at("findings")) report.findings.push_back(read_finding(finding));
  for (const auto& probe : data.at("probes")) report.probes.push_back(read_probe(probe));
  report.measured = read_measurements(data.at("measured"));
  return report;
}

std::string to_text(const CheckReport& report, int indent) {
  const Json document{{"format_version", format_version},         {"name", collector},    {"version", report.version},
                      {"timestamp", report.time * ns_per_second}, {"category", category}, {"kind", status_reporting},
                      {"data", verdict_to_json(report)}};
  // Names of files need not be UTF-8, but JSON has to be. Plain ASCII, as there are control characters beyond it.
  return document.dump(indent, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json_text(const CheckReport& report) { return to_text(report, 2) + "\n"; }

std::string to_json_line(const CheckReport& report) { return to_text(report, -1); }

CheckReport parse_check_report(const std::string& text) {
  try {
    return read_report(Json::parse(text));
  } catch (const std::exception& error) {
    throw Error(errno_code(EINVAL),
                {"report of a check", "cannot be read", error.what(),
                 "only what the same or an earlier version of gluster-mount-check wrote can be read"});
  }
}

}  // namespace ganeti::gluster
