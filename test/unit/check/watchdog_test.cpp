// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/child.hpp"
#include "base/log.hpp"
#include "check/watchdog.hpp"
#include "test/unit/base/scratch.hpp"
#include "test/unit/check/example_report.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto ample = 20s;
constexpr auto short_limit = 3s;  // until then its child has come to where it waits, on a busy machine too

[[noreturn]] void wait_for_ever() {
  for (;;) pause();
}

CheckReport frame() {
  auto report = test::well_report();
  report.probes.clear();
  report.measured = {};
  return report;
}

}  // namespace

TEST_CASE("a check that ends in time reports from its child") {
  const test::Scratch scratch;
  const auto mark = scratch.path("mark");
  const auto report = run_within(ample, frame(), mark, [](const ProbeBegins& at) {
    at("mount", frame());
    return test::ill_report();
  });
  CHECK(report.findings.size() == 3);
  CHECK(report.probes.size() == 3);
  CHECK(report.severity() == Severity::critical);
  CHECK(report.duration > 0us);
}

TEST_CASE("a check that does not end in time is unknown, and names the probe") {
  const test::Scratch scratch;
  const auto report = run_within(short_limit, frame(), scratch.path("mark"), [](const ProbeBegins& at) -> CheckReport {
    auto so_far = frame();
    at("settings", so_far);
    so_far.probes = {{"settings", true, 1ms, ""}};
    at("mount", so_far);
    wait_for_ever();
  });
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].code == "CHECK_TIMEOUT");
  CHECK(report.findings[0].evidence == "no answer within 3 s, at the probe mount");
  CHECK(report.severity() == Severity::unknown);
  CHECK(report.node == "node1.example.com");
  REQUIRE(report.probes.size() == 2);
  CHECK(report.probes[0].success);
  CHECK_FALSE(report.probes[1].success);
}

TEST_CASE("what a check had found before it was ended is told") {
  const test::Scratch scratch;
  const auto mark = scratch.path("mark");
  auto found = frame();
  found.probes = {{"mount", true, 1ms, ""}};
  found.findings = {test::finding("MOUNT_HUNG", "its root did not answer\nwithin 1 s", "")};

  const auto late = run_within(short_limit, frame(), mark, [&](const ProbeBegins& at) -> CheckReport {
    at("mount", frame());
    at("servers", found);
    wait_for_ever();
  });
  REQUIRE(late.findings.size() == 2);
  CHECK(late.findings[0].code == "MOUNT_HUNG");
  CHECK(late.findings[0].evidence == found.findings[0].evidence);
  CHECK(late.findings[1].code == "CHECK_TIMEOUT");
  CHECK(late.severity() == Severity::critical);
  REQUIRE(late.probes.size() == 2);
  CHECK(late.probes[0].success);
  CHECK_FALSE(late.probes[1].success);

  const auto failed = run_within(ample, frame(), mark, [&](const ProbeBegins& at) -> CheckReport {
    at("servers", found);
    throw std::runtime_error("out of luck");
  });
  REQUIRE(failed.findings.size() == 2);
  CHECK(failed.findings[1].code == "CHECK_FAILED");
}

TEST_CASE("a check that fails says with what") {
  const test::Scratch scratch;
  const auto mark = scratch.path("mark");
  const auto thrown = run_within(ample, frame(), mark, [](const ProbeBegins& at) -> CheckReport {
    at("images", frame());
    throw std::runtime_error("out of luck");
  });
  REQUIRE(thrown.findings.size() == 1);
  CHECK(thrown.findings[0].code == "CHECK_FAILED");
  CHECK(thrown.findings[0].evidence == "it ended at the probe images: out of luck");

  const auto killed = run_within(ample, frame(), mark, [](const ProbeBegins&) -> CheckReport {
    raise(SIGKILL);
    return {};
  });
  REQUIRE(killed.findings.size() == 1);
  CHECK(killed.findings[0].evidence == "it ended before its first probe: it says no reason");
  CHECK(killed.severity() == Severity::unknown);
}

TEST_CASE("messages of a check come to the log of whoever asked for it") {
  const test::Scratch scratch;
  std::vector<std::string> heard;
  set_log_sink([&](LogLevel level, std::string_view message) {
    if (level == LogLevel::warning) heard.emplace_back(message);
  });
  static_cast<void>(run_within(ample, frame(), scratch.path("mark"), [](const ProbeBegins&) {
    log(LogLevel::warning, "the report is fine: {}", "report");
    return test::well_report();
  }));
  set_log_sink({});
  CHECK(heard == std::vector<std::string>{"the report is fine: report"});
}

TEST_CASE("no second check is started while one cannot be killed") {
  const test::Scratch scratch;
  const auto mark = scratch.path("mark");
  // What cannot be killed cannot be made here: its lock is what counts.
  const UniqueFd stuck(open(mark.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(write(stuck.get(), "4711", 4) == 4);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  REQUIRE(fcntl(stuck.get(), F_OFD_SETLK, &lock) == 0);

  const auto body = [](const ProbeBegins&) { return test::well_report(); };
  const auto refused = run_within(ample, frame(), mark, body);
  REQUIRE(refused.findings.size() == 1);
  CHECK(refused.findings[0].code == "CHECK_TIMEOUT");
  CHECK(refused.findings[0].evidence == "an earlier check, process 4711, still waits");

  lock.l_type = F_UNLCK;
  REQUIRE(fcntl(stuck.get(), F_OFD_SETLK, &lock) == 0);
  CHECK(run_within(ample, frame(), mark, body).findings.empty());
}

}  // namespace ganeti::gluster
