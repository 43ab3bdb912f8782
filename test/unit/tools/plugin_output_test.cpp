// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "perfdata.hpp"
#include "plugin_output.hpp"
#include "test/unit/check/example_report.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<std::string> labels(const CheckReport& report) {
  std::vector<std::string> result;
  for (const auto& datum : split(perfdata(report, {}), ' ')) result.push_back(datum.substr(0, datum.find('=')));
  return result;
}

std::string first_text(const CheckReport& report, int verbosity) {
  const auto text = plugin_output(report, {}, verbosity);
  return text.substr(0, text.find(" | "));
}

}  // namespace

TEST_CASE("a plugin line of a node that is well") {
  CHECK(plugin_output(test::well_report(), {}, 0) ==
        "GLUSTER OK - node1,node2:/gv0 on /var/run/ganeti/gluster: well, 4.2 ms, 71 % free | "
        "answer_time=0.004200s;1.000000;;0 free_percent=71.00%;20:;10:;0;100 "
        "free=7100000000B;2000000000:;1000000000:;0;10000000000 inodes_free_percent=99.00%;20:;10:;0;100 "
        "images=12;;;0 images_size=20000000000B;;;0 servers_up=2;;;0;2 holds=3;;;0 findings=0;;;0 "
        "check_time=0.012345s;;;0\n");
}

TEST_CASE("a plugin line of a node that is ill begins with the worst finding") {
  CHECK(plugin_output(test::ill_report(), {}, 0) ==
        "GLUSTER CRITICAL - MOUNT_DEAD: the client process behind the mount is gone; 1 more; muted: "
        "HOLD_STALE(9m 0s) | answer_time=U free_percent=U free=U inodes_free_percent=U images=U images_size=U "
        "servers_up=1;;;0;2 holds=U findings=2;;;0 check_time=0.012345s;;;0\n");
}

TEST_CASE("with -v the line names everything that is ill") {
  CHECK(first_text(test::ill_report(), 1) ==
        "GLUSTER CRITICAL - MOUNT_DEAD: the client process behind the mount is gone; SERVER_DOWN: a server of the "
        "volume does not answer (node2); muted: HOLD_STALE(9m 0s)");
}

TEST_CASE("with -vv a line for each finding follows, with -vvv one for each probe") {
  const auto two = split(plugin_output(test::ill_report(), {}, 2), '\n');
  REQUIRE(two.size() == 4);
  CHECK(two[1] ==
        "[CRITICAL] MOUNT_DEAD: no process serves the mount of node1,node2:/gv0; endangers web1.example.com, "
        "web2.example.com; cure: ganeti-gluster mount");
  CHECK(two[3] == "[WARNING, muted] HOLD_STALE: 2 holds without a use; cure: ganeti-gluster umount --all-stale");
  const auto three = split(plugin_output(test::ill_report(), {}, 3), '\n');
  REQUIRE(three.size() == 7);
  CHECK(three[4] == "[probe] mount: 4.2 ms");
  CHECK(three[6] == "[probe] volume: cannot judge: not reached: mount");
}

TEST_CASE("a probe that could not judge makes a node unknown, and the line says why") {
  auto report = test::well_report();
  report.probes.push_back({"images", false, std::chrono::microseconds(0), "no answer within 5 s"});
  CHECK(first_text(report, 0) == "GLUSTER UNKNOWN - cannot judge images: no answer within 5 s");
  for (const auto* name : {"servers", "volume"}) {
    report.probes.push_back({name, false, std::chrono::microseconds(0), "not reached: images"});
  }
  CHECK(
      first_text(report, 1) ==
      "GLUSTER UNKNOWN - cannot judge images: no answer within 5 s; cannot judge servers, volume: not reached: images");
}

TEST_CASE("a check that ran out of time says where") {
  auto report = test::well_report();
  report.findings = {test::finding("CHECK_TIMEOUT", "no answer within 10 s, at the probe mount", "")};
  CHECK(first_text(report, 0) ==
        "GLUSTER UNKNOWN - CHECK_TIMEOUT: the check itself did not end in time: no answer within 10 s, at the probe "
        "mount");
}

TEST_CASE("a node whose findings are all muted is well") {
  auto report = test::ill_report();
  report.probes.clear();
  for (auto& finding : report.findings) finding.mute = Mute();
  CHECK(first_text(report, 0) ==
        "GLUSTER OK - node1,node2:/gv0 on /var/run/ganeti/gluster: dead; muted: MOUNT_DEAD, SERVER_DOWN, HOLD_STALE");
}

TEST_CASE("labels of performance data never change, and differ early") {
  CHECK(labels(test::well_report()) == labels(test::ill_report()));
  CHECK(labels(test::well_report()) == labels(CheckReport()));
  std::set<std::string> beginnings;
  for (const auto& label : labels(CheckReport())) {
    CHECK(label.find_first_of("='|") == std::string::npos);
    beginnings.insert(label.substr(0, 19));
  }
  CHECK(beginnings.size() == labels(CheckReport()).size());
}

TEST_CASE("limits of free space are told in bytes too, without an exponent") {
  CheckOptions options;
  options.warning_free_percent = Range::parse("@~:12.5");
  options.critical_free_percent = Range::parse("5:");
  auto report = test::well_report();
  report.measured.size_bytes = 8'000'000'000'000'000'000;
  CHECK_THAT(perfdata(report, options),
             Catch::Contains("free=7100000000B;@~:1000000000000000000;400000000000000000:;0;8000000000000000000 "));
  CHECK(perfdata(report, options).find("e+") == std::string::npos);
}

TEST_CASE("names that an admin chose cannot break the line") {
  auto report = test::ill_report();
  report.storage_dir = "/srv/a|b\n\x1b[31m";
  report.findings[0].objects = {"evil|name\nGLUSTER OK", "\xc3\xa9"};
  report.findings[0].evidence = "a | b\nc";
  for (int verbosity = 0; verbosity <= 3; ++verbosity) {
    const auto text = plugin_output(report, {}, verbosity);
    CHECK(std::count(text.begin(), text.end(), '|') == 1);
    CHECK(text.find('\x1b') == std::string::npos);
    const std::vector<int> lines{1, 1, 4, 7};
    CHECK(std::count(text.begin(), text.end(), '\n') == lines[static_cast<std::size_t>(verbosity)]);
  }
  report.findings.clear();
  report.probes.clear();
  CHECK(first_text(report, 0) == "GLUSTER OK - node1,node2:/gv0 on /srv/a?b??[31m: dead");
}

TEST_CASE("many objects do not make a line endless") {
  auto report = test::ill_report();
  report.findings[0].objects.assign(100, "some-object");
  report.findings[0].extent = 1000;
  CHECK_THAT(first_text(report, 1), Catch::Contains("some-object and 995 more)"));
}
