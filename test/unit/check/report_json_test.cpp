// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/error.hpp>

#include "test/unit/check/example_report.hpp"

namespace ganeti::gluster {
namespace {

nlohmann::json parsed(const CheckReport& report) { return nlohmann::json::parse(to_json_text(report)); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a report is the same after it was written and read") {
  for (const auto& report : {test::well_report(), test::ill_report(), test::worst_report(), CheckReport()}) {
    const auto text = to_json_text(report);
    const auto read = parse_check_report(text);
    CHECK(to_json_text(read) == text);
    CHECK(read.severity() == report.severity());
    CHECK(read.findings.size() == report.findings.size());
    CHECK(read.measured.answer_time == report.measured.answer_time);
    CHECK(read.duration == report.duration);
  }
}

TEST_CASE("what was not measured is null, and never 0") {
  const auto json = parsed(test::ill_report());
  CHECK(json["data"]["measured"]["free_bytes"].is_null());
  CHECK(json["data"]["measured"]["answer_seconds"].is_null());
  CHECK(json["data"]["measured"]["servers_up"] == 1);
  CHECK(json["data"]["findings"][1]["since_seconds"].is_null());
  const auto read = parse_check_report(json.dump());
  CHECK_FALSE(read.measured.free_bytes);
  CHECK_FALSE(read.measured.answer_time);
}

TEST_CASE("numbers are numbers, in seconds and bytes") {
  const auto json = parsed(test::well_report());
  CHECK(json["timestamp"] == 1795285550000000000);
  CHECK(json["data"]["duration_seconds"] == 0.012345);
  CHECK(json["data"]["measured"]["answer_seconds"] == 0.0042);
  CHECK(json["data"]["measured"]["free_bytes"] == 7100000000);
}

TEST_CASE("the monitoring agent of Ganeti finds what it expects of a collector") {
  const auto well = parsed(test::well_report());
  CHECK(well["name"] == "gluster-mount-check");
  CHECK(well["version"] == "1.2.3");
  CHECK(well["format_version"] == 1);
  CHECK(well["category"] == "storage");
  CHECK(well["kind"] == 1);
  CHECK(well["data"]["status"]["code"] == 0);
  CHECK(well["data"]["status"]["message"] == "");

  const auto ill = parsed(test::ill_report());
  CHECK(ill["data"]["status"]["code"] == 4);
  CHECK(ill["data"]["status"]["message"] == "MOUNT_DEAD: no process serves the mount of node1,node2:/gv0");

  auto unknown = test::well_report();
  unknown.findings = {test::finding("CHECK_TIMEOUT", "no answer within 10 s", "")};
  CHECK(parsed(unknown)["data"]["status"]["code"] == 2);
}

TEST_CASE("a name that is no UTF-8 harms no document") {
  auto report = test::ill_report();
  report.findings[0].objects = {"bad\xff\xfename", "\x1b]0;owned\x07"};
  const auto text = to_json_text(report);
  CHECK(text.find_first_not_of("\n") == 0);
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  CHECK(parse_check_report(text).findings[0].objects[1] == "\x1b]0;owned\x07");
}

TEST_CASE("what is no report, or a later one, is refused") {
  const auto text = to_json_text(test::ill_report());
  for (const auto& wrong : {std::string(), std::string("{}"), std::string("[1]"), text.substr(0, text.size() / 2),
                            replaced(text, "\"format_version\": 1", "\"format_version\": 2"),
                            replaced(text, "\"severity\": \"WARNING\"", "\"severity\": \"BAD\""),
                            replaced(text, "\"findings\"", "\"f\"")}) {
    CHECK_THROWS_AS(parse_check_report(wrong), Error);
  }
  CHECK_THROWS_WITH(parse_check_report(replaced(text, "\"format_version\": 1", "\"format_version\": 2")),
                    Catch::Contains("its format_version is 2, known is 1"));
}

}  // namespace ganeti::gluster
