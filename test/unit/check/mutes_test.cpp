// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include <ganeti-gluster/check/mutes.hpp>

#include "base/child.hpp"
#include "base/file.hpp"
#include "test/unit/base/code_of.hpp"
#include "test/unit/check/node_memory.hpp"

namespace ganeti::gluster::test {
namespace {

using namespace std::chrono_literals;
using Codes = std::vector<std::string>;

MuteRequest request(const std::string& code, std::optional<std::chrono::seconds> duration = {}) {
  return {code, duration, false, "alice", noon};
}

MuteRequest sticky(const std::string& code, std::optional<std::chrono::seconds> duration = {}) {
  return {code, duration, true, "alice", noon};
}

std::string refusal(const NodeMemory& node, const MuteRequest& wanted) {
  try {
    static_cast<void>(node.mute(wanted));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a muted finding is in the report and does not count", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("MOUNT_DEAD", 1, Severity::critical), finding("SPACE_LOW")}));
  const auto mute = node.mute(request("MOUNT_DEAD", 4h));
  CHECK(mute.until == noon + 4 * hour);
  const auto report = node.check(noon + 60, {finding("MOUNT_DEAD", 1, Severity::critical), finding("SPACE_LOW")});
  REQUIRE(report.findings.size() == 2);
  REQUIRE(report.findings[0].mute);
  CHECK(report.findings[0].mute->set_by == "alice");
  CHECK(report.findings[0].mute->until == noon + 4 * hour);
  CHECK_FALSE(report.findings[1].mute);
  CHECK(report.severity() == Severity::warning);
}

TEST_CASE("a mute ends by its time", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("SPACE_LOW")}));
  const bool is_sticky = GENERATE(false, true);
  static_cast<void>(node.mute(is_sticky ? sticky("SPACE_LOW", 60s) : request("SPACE_LOW", 60s)));
  CHECK(node.check(noon + 59, {finding("SPACE_LOW")}).findings[0].mute);
  CHECK(node.muted(noon + 59) == Codes{"SPACE_LOW"});
  CHECK(node.muted(noon + 60).empty());
  CHECK_FALSE(node.check(noon + 60, {finding("SPACE_LOW")}).findings[0].mute);
  CHECK(node.muted(noon).empty());
}

TEST_CASE("a mute ends when the finding clears, and does not come back with it", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("SPACE_LOW")}));
  static_cast<void>(node.mute(request("SPACE_LOW")));
  static_cast<void>(node.check(noon + 60, {}));
  CHECK(node.muted(noon + 60).empty());
  CHECK_FALSE(node.check(noon + 120, {finding("SPACE_LOW")}).findings[0].mute);
}

TEST_CASE("a probe that failed ends no mute", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("SPACE_LOW")}));
  static_cast<void>(node.mute(request("SPACE_LOW")));
  static_cast<void>(node.check(noon + 60, {}, {{"mount", false, {}, "no answer"}}));
  CHECK(node.check(noon + 120, {finding("SPACE_LOW")}).findings[0].mute);
}

TEST_CASE("a mute ends when more things are ill, or the same ones worse", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.check(noon, {finding("SERVER_DOWN", 2)}));
  static_cast<void>(node.mute(request("SERVER_DOWN")));
  CHECK(node.check(noon + 1, {finding("SERVER_DOWN", 2)}).findings[0].mute);
  CHECK(node.check(noon + 2, {finding("SERVER_DOWN", 1)}).findings[0].mute);
  SECTION("more") { CHECK_FALSE(node.check(noon + 3, {finding("SERVER_DOWN", 3)}).findings[0].mute); }
  SECTION("worse") {
    CHECK_FALSE(node.check(noon + 3, {finding("SERVER_DOWN", 1, Severity::critical)}).findings[0].mute);
  }
  CHECK_FALSE(node.check(noon + 4, {finding("SERVER_DOWN", 2)}).findings[0].mute);
}

TEST_CASE("a sticky mute outlives the finding and its growth", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.mute(sticky("SERVER_DOWN")));
  CHECK(node.check(noon + 1, {finding("SERVER_DOWN", 3, Severity::critical)}).findings[0].mute);
  static_cast<void>(node.check(noon + 2, {}));
  CHECK(node.check(noon + 3, {finding("SERVER_DOWN", 9, Severity::critical)}).findings[0].mute);
}

TEST_CASE("muting again replaces the mute, and unmuting ends it", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.mute(sticky("SERVER_DOWN", 1h)));
  static_cast<void>(node.mute(sticky("MOUNT_DEAD")));
  static_cast<void>(node.mute(sticky("SERVER_DOWN", 2h)));
  CHECK(node.muted(noon) == Codes{"MOUNT_DEAD", "SERVER_DOWN"});
  CHECK(node.muted(noon + 90 * 60) == Codes{"MOUNT_DEAD", "SERVER_DOWN"});
  CHECK(node.unmute("SERVER_DOWN"));
  CHECK_FALSE(node.unmute("SERVER_DOWN"));
  CHECK(node.muted(noon) == Codes{"MOUNT_DEAD"});
}

TEST_CASE("a mute that was set while the clock was ahead lasts no longer than asked for", "[mutes]") {
  NodeMemory node;
  auto wanted = sticky("SERVER_DOWN", 1h);
  wanted.time = noon + 365 * day;
  static_cast<void>(node.mute(wanted));
  CHECK(node.check(noon, {finding("SERVER_DOWN")}).findings[0].mute);
  CHECK_FALSE(node.check(noon + hour, {finding("SERVER_DOWN")}).findings[0].mute);
}

TEST_CASE("only what is there can be muted, unless for whenever it comes", "[mutes]") {
  NodeMemory node;
  CHECK(refusal(node, request("SPACE_LOW")) ==
        "SPACE_LOW: cannot mute: the last check did not find it; mute it with --sticky if it shall be quiet whenever "
        "it comes");
  static_cast<void>(node.check(noon, {finding("SPACE_LOW")}));
  static_cast<void>(node.check(noon + 1, {}));
  CHECK(code_of([&] { static_cast<void>(node.mute(request("SPACE_LOW"))); }) == std::errc::no_such_file_or_directory);
}

TEST_CASE("an unknown code is refused with those that may have been meant", "[mutes]") {
  const NodeMemory node;
  CHECK(refusal(node, sticky("MOUNT_DEAF")) ==
        "MOUNT_DEAF: cannot mute: there is no finding with this code; perhaps MOUNT_DEAD was meant; see "
        "gluster-mount-check explain for all there are");
  CHECK_THAT(refusal(node, sticky("server_down")), Catch::Contains("perhaps SERVERS_DOWN or SERVER_DOWN was meant"));
  CHECK_THAT(refusal(node, sticky("quorum")),
             Catch::Contains("; see gluster-mount-check explain for all there are") && !Catch::Contains("perhaps"));
  CHECK_THROWS_WITH(node.unmute("SPACE"),
                    Catch::StartsWith("SPACE: cannot unmute: there is no finding") && Catch::Contains("SPACE_LOW"));
}

TEST_CASE("a mute of no time, or for ever and a day, is refused", "[mutes]") {
  const NodeMemory node;
  const auto duration = GENERATE(0s, -1s, std::chrono::seconds::max());
  CHECK(refusal(node, sticky("SPACE_LOW", duration)) ==
        "SPACE_LOW: cannot mute: a mute lasts from one second to ten years; leave the time out for one without an end");
}

TEST_CASE("mutes that cannot be read are an error for commands, and none with a warning for a check", "[mutes]") {
  NodeMemory node;
  static_cast<void>(node.mute(sticky("SPACE_LOW")));
  replace_file(AT_FDCWD, node.file("mutes"), "cut o");
  CHECK_THROWS_WITH(node.muted(noon), Catch::StartsWith(node.file("mutes") + ": cannot understand: "));
  CHECK_THROWS_WITH(node.unmute("SPACE_LOW"), Catch::EndsWith("; mend it, or remove it and mute again"));
  CHECK_THROWS_AS(node.mute(sticky("MOUNT_DEAD")), Error);
  const Warnings warnings;
  const auto report = node.check(noon, {finding("SPACE_LOW")});
  CHECK(report.severity() == Severity::warning);
  CHECK(report.findings[0].since == noon);
  REQUIRE(warnings.lines.size() == 1);
  CHECK_THAT(warnings.lines[0], Catch::StartsWith("/run/ganeti/gluster: cannot apply mutes: " + node.file("mutes")));
  CHECK(read_file(AT_FDCWD, node.file("mutes")) == "cut o");
}

TEST_CASE("admins who mute at the same time, while checks run, lose no mute", "[mutes]") {
  NodeMemory node;
  std::vector<Child> children;
  for (const auto& kind : finding_kinds().first(8)) {
    children.push_back(Child::start({}, [&] {
      static_cast<void>(node.mute(sticky(kind.code)));
      static_cast<void>(node.check(noon, {finding(kind.code)}));
      return 0;
    }));
  }
  for (auto& child : children) {
    REQUIRE(child.wait(Deadline::in(60s)));
    CHECK(child.output().empty());
  }
  CHECK(node.muted(noon).size() == 8);
}

}  // namespace ganeti::gluster::test
