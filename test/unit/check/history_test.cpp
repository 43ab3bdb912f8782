// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include <catch2/catch.hpp>

#include <ganeti-gluster/check/history.hpp>

#include "base/child.hpp"
#include "base/file.hpp"
#include "test/unit/check/node_memory.hpp"

namespace ganeti::gluster::test {
namespace {

using Changes = std::vector<std::string>;
using namespace std::chrono_literals;

}  // namespace

TEST_CASE("a finding appears once, keeps its time, and clears once", "[history]") {
  NodeMemory node;
  CHECK(node.check(noon, {}).findings.empty());
  CHECK(node.changes.empty());

  auto report = node.check(noon + 60, {finding("MOUNT_DEAD")});
  CHECK(node.changes == Changes{"appeared MOUNT_DEAD"});
  CHECK(report.findings[0].since == noon + 60);

  report = node.check(noon + 120, {finding("MOUNT_DEAD"), finding("SPACE_LOW")});
  CHECK(node.changes == Changes{"appeared SPACE_LOW"});
  CHECK(report.findings[0].since == noon + 60);
  CHECK(report.findings[0].times_last_day == 1);

  static_cast<void>(node.check(noon + 180, {finding("SPACE_LOW")}));
  CHECK(node.changes == Changes{"cleared MOUNT_DEAD"});
  static_cast<void>(node.check(noon + 240, {finding("SPACE_LOW")}));
  CHECK(node.changes.empty());
}

TEST_CASE("what has cleared is told with the time at which it had come", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD", 1, Severity::critical)}));
  CheckReport well;
  well.time = noon + hour;
  well.storage_dir = "/run/ganeti/gluster";
  well.probes = {{"mount", true, {}, {}}};
  const auto changes = remember_findings(node.paths(), well);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].finding.since == noon);
  CHECK(changes[0].finding.severity == Severity::critical);
}

TEST_CASE("a finding that comes back counts again, for a day", "[history]") {
  NodeMemory node;
  for (const auto time : {noon, noon + hour, noon + 2 * hour}) {
    static_cast<void>(node.check(time, {finding("SERVER_DOWN")}));
    static_cast<void>(node.check(time + 60, {}));
  }
  auto report = node.check(noon + 3 * hour, {finding("SERVER_DOWN")});
  CHECK(report.findings[0].times_last_day == 4);
  CHECK(report.findings[0].since == noon + 3 * hour);
  report = node.check(noon + day + hour + 1, {finding("SERVER_DOWN")});
  CHECK(report.findings[0].times_last_day == 2);
  report = node.check(noon + 9 * day, {finding("SERVER_DOWN")});
  CHECK(report.findings[0].times_last_day == 1);
  CHECK(report.findings[0].since == noon + 3 * hour);
}

TEST_CASE("a finding that gets worse is told once", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("SPACE_LOW", 1, Severity::unknown)}));
  static_cast<void>(node.check(noon + 1, {finding("SPACE_LOW", 1, Severity::critical)}));
  CHECK(node.changes == Changes{"worsened SPACE_LOW"});
  static_cast<void>(node.check(noon + 2, {finding("SPACE_LOW", 9, Severity::critical)}));
  CHECK(node.changes.empty());
  static_cast<void>(node.check(noon + 3, {finding("SPACE_LOW", 9, Severity::warning)}));
  CHECK(node.changes.empty());
}

TEST_CASE("a probe that failed, or did not run, clears nothing that it had found", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD")}));
  static_cast<void>(node.check(noon + 60, {}, {{"mount", false, {}, "no answer"}, {"servers", true, {}, {}}}));
  CHECK(node.changes.empty());
  static_cast<void>(node.check(noon + 120, {}, {}));
  CHECK(node.changes.empty());
  const auto report = node.check(noon + 180, {finding("MOUNT_DEAD")});
  CHECK(node.changes.empty());
  CHECK(report.findings[0].since == noon);
  CHECK(report.findings[0].times_last_day == 1);
}

TEST_CASE("a finding of no probe clears with the next check", "[history]") {
  NodeMemory node;
  auto timeout = finding("CHECK_TIMEOUT");
  timeout.probe = "";
  static_cast<void>(node.check(noon, {timeout}, {}));
  static_cast<void>(node.check(noon + 60, {}, {}));
  CHECK(node.changes == Changes{"cleared CHECK_TIMEOUT"});
}

TEST_CASE("a clock that was ahead leaves no time in the future", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon + 365 * day, {finding("MOUNT_DEAD")}));
  auto report = node.check(noon, {finding("MOUNT_DEAD")});
  CHECK(report.findings[0].since == noon);
  CHECK(report.findings[0].times_last_day == 1);
  report = node.check(noon + 2 * day, {finding("MOUNT_DEAD")});
  CHECK(report.findings[0].since == noon);
}

TEST_CASE("each storage dir has a memory of its own", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD")}));
  CheckReport other;
  other.time = noon;
  other.storage_dir = "/srv/gluster";
  other.probes = {{"mount", true, {}, {}}};
  CHECK(remember_findings(node.paths(), other).empty());
  static_cast<void>(node.check(noon + 60, {finding("MOUNT_DEAD")}));
  CHECK(node.changes.empty());
}

TEST_CASE("what is remembered stays small, and is forgotten after a day", "[history]") {
  NodeMemory node;
  for (std::int64_t second = 0; second < 3000; second += 2) {
    static_cast<void>(node.check(noon + second, {finding("SERVER_DOWN")}));
    static_cast<void>(node.check(noon + second + 1, {}));
  }
  CHECK(read_file(AT_FDCWD, node.file("findings")).value().size() < 50'000);
  static_cast<void>(node.check(noon + 2 * day, {}));
  CHECK(read_file(AT_FDCWD, node.file("findings")).value().find("SERVER_DOWN") == std::string::npos);
}

TEST_CASE("what a node remembers is for root alone, and not written again without a change", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD")}));
  namespace fs = boost::filesystem;
  CHECK(fs::status(node.paths().persistent_dir).permissions() == fs::perms(0700));
  CHECK(fs::status(node.file("findings")).permissions() == fs::perms(0600));
  fs::last_write_time(node.file("findings"), 1);
  static_cast<void>(node.check(noon + 60, {finding("MOUNT_DEAD")}));
  CHECK(fs::last_write_time(node.file("findings")) == 1);
}

TEST_CASE("a memory that makes no sense is warned of once, and written anew", "[history]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD")}));
  const auto* content = GENERATE("", "{", "[]", R"({"format_version": 2, "entries": []})",
                                 R"({"format_version": 1, "entries": [{"code": 7}]})", "\xff\xfe");
  replace_file(AT_FDCWD, node.file("findings"), content);
  const Warnings warnings;
  static_cast<void>(node.check(noon + 60, {finding("MOUNT_DEAD")}));
  CHECK(node.changes == Changes{"appeared MOUNT_DEAD"});
  REQUIRE(warnings.lines.size() == 1);
  CHECK_THAT(warnings.lines[0], Catch::StartsWith("/run/ganeti/gluster: cannot recall findings: " +
                                                  node.file("findings") + ": cannot understand: "));
  static_cast<void>(node.check(noon + 120, {finding("MOUNT_DEAD")}));
  CHECK(warnings.lines.size() == 1);
}

TEST_CASE("where nothing can be kept, a check goes on and tells no change", "[history]") {
  NodePaths paths;
  paths.persistent_dir = "/dev/null/memory";
  CheckReport report;
  report.time = noon;
  report.storage_dir = GENERATE("/run/ganeti/gluster", "");
  report.findings = {finding("MOUNT_DEAD")};
  const Warnings warnings;
  CHECK(remember_findings(paths, report).empty());
  CHECK(warnings.lines.size() == 1);
  CHECK(report.findings[0].times_last_day == 1);
}

TEST_CASE("checks at the same time lose nothing that another one saw", "[history]") {
  NodeMemory node;
  constexpr std::array codes{"MOUNT_DEAD", "SERVER_DOWN", "SPACE_LOW", "STRAY_FILES"};
  constexpr std::int64_t rounds = 40;
  std::vector<Child> children;
  for (const auto* code : codes) {
    children.push_back(Child::start({}, [&] {
      auto own = finding(code);
      own.probe = code;  // no other one clears it
      const std::vector<ProbeRun> probes{{code, true, {}, {}}};
      for (std::int64_t i = 0; i < rounds; ++i) {
        static_cast<void>(node.check(noon + 2 * i, {own}, probes));
        static_cast<void>(node.check(noon + 2 * i + 1, {}, probes));
      }
      return 0;
    }));
  }
  for (auto& child : children) {
    REQUIRE(child.wait(Deadline::in(60s)));
    CHECK(child.output().empty());
  }
  for (const auto* code : codes) {
    const auto report = node.check(noon + hour, {finding(code)});
    CHECK(report.findings[0].times_last_day == rounds + 1);
  }
}

}  // namespace ganeti::gluster::test
