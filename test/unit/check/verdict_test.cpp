// SPDX-License-Identifier: BSD-2-Clause
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <ganeti-gluster/check/verdict.hpp>

#include "base/child.hpp"
#include "base/file.hpp"
#include "test/unit/check/node_memory.hpp"

namespace ganeti::gluster::test {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;

constexpr const char* storage_dir = "/run/ganeti/gluster";

/// A node's folder of verdicts, and what a reader makes of it.
class Verdicts {
 public:
  Verdicts() { paths.verdict_dir = scratch_.path("verdicts"); }

  [[nodiscard]] CheckReport last(std::int64_t time, std::chrono::seconds max_age = 5min) const {
    return last_verdict(paths, {storage_dir, max_age, time});
  }
  /// The evidence for there being no good verdict.
  [[nodiscard]] std::string refusal(std::int64_t time) const {
    const auto report = last(time);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].code == "VERDICT_STALE");
    CHECK(report.severity() == Severity::unknown);
    CHECK(report.storage_dir == storage_dir);
    return report.findings[0].evidence;
  }
  [[nodiscard]] std::string file() const { return paths.verdict_dir + "/-run-ganeti-gluster.json"; }

  NodePaths paths;

 private:
  Scratch scratch_;
};

CheckReport ill(std::int64_t time) {
  CheckReport report;
  report.time = time;
  report.storage_dir = storage_dir;
  report.findings = {finding("MOUNT_DEAD", 1, Severity::critical), finding("SPACE_LOW")};
  report.measured.free_bytes = 7;
  return report;
}

}  // namespace

TEST_CASE("a verdict is read as it was published, mutes included", "[verdict]") {
  const Verdicts verdicts;
  auto report = ill(noon);
  report.findings[0].mute = Mute{"MOUNT_DEAD", noon + hour, true, 1, "alice", noon};
  publish_verdict(verdicts.paths, report);
  const auto read = verdicts.last(noon + 300);
  CHECK(to_json_text(read) == to_json_text(report));
  CHECK(read.severity() == Severity::warning);
}

TEST_CASE("a new verdict takes the place of the one before, each storage dir has its own", "[verdict]") {
  const Verdicts verdicts;
  publish_verdict(verdicts.paths, ill(noon));
  auto other = ill(noon);
  other.storage_dir = "/srv/gluster";
  publish_verdict(verdicts.paths, other);
  auto well = ill(noon + 60);
  well.findings.clear();
  publish_verdict(verdicts.paths, well);
  CHECK(verdicts.last(noon + 60).severity() == Severity::ok);
  CHECK(last_verdict(verdicts.paths, {"/srv//gluster/", 5min, noon}).severity() == Severity::critical);
}

TEST_CASE("everybody may read a verdict and nobody else write it, whatever the umask is", "[verdict]") {
  const Verdicts verdicts;
  const mode_t before = umask(077);
  publish_verdict(verdicts.paths, ill(noon));
  umask(before);
  CHECK(fs::status(verdicts.paths.verdict_dir).permissions() == fs::perms(0755));
  CHECK(fs::status(verdicts.file()).permissions() == fs::perms(0644));
}

TEST_CASE("no verdict, an old one and one of the future are unknown, with the reason", "[verdict]") {
  const Verdicts verdicts;
  const std::string none = "no check of /run/ganeti/gluster has ended since this node was started";
  CHECK(verdicts.refusal(noon) == none);
  auto other = ill(noon);
  other.storage_dir = "/srv/gluster";
  publish_verdict(verdicts.paths, other);
  CHECK(verdicts.refusal(noon) == none);
  publish_verdict(verdicts.paths, ill(noon));
  CHECK(verdicts.refusal(noon + 301) == "the last check is 301 s old, more than 300 s; it said CRITICAL");
  CHECK(verdicts.refusal(noon - 1) == "the last check is dated 1 s ahead of this node's clock");
  CHECK(verdicts.last(noon + 301, 301s).severity() == Severity::critical);
}

TEST_CASE("a verdict that makes no sense, or that others may have written, is unknown", "[verdict]") {
  const Verdicts verdicts;
  publish_verdict(verdicts.paths, ill(noon));
  SECTION("no report") {
    replace_file(AT_FDCWD, verdicts.file(), "{}");
    CHECK_THAT(verdicts.refusal(noon), Catch::Contains("cannot be read"));
  }
  SECTION("a link") {
    REQUIRE(rename(verdicts.file().c_str(), (verdicts.file() + ".real").c_str()) == 0);
    REQUIRE(symlink((verdicts.file() + ".real").c_str(), verdicts.file().c_str()) == 0);
    CHECK_THAT(verdicts.refusal(noon), Catch::StartsWith(verdicts.file() + ": cannot read: "));
  }
  SECTION("a folder of everybody") {
    REQUIRE(chmod(verdicts.paths.verdict_dir.c_str(), 01777) == 0);
    CHECK(verdicts.refusal(noon) == verdicts.paths.verdict_dir + ": cannot read: others than root may write it");
    const Warnings warnings;
    publish_verdict(verdicts.paths, ill(noon));
    CHECK(warnings.lines.size() == 1);
  }
}

TEST_CASE("a link in a verdict's place is replaced, and its target left alone", "[verdict]") {
  const Verdicts verdicts;
  publish_verdict(verdicts.paths, ill(noon));
  const auto target = verdicts.paths.verdict_dir + "/target";
  replace_file(AT_FDCWD, target, "mine");
  REQUIRE(unlink(verdicts.file().c_str()) == 0);
  REQUIRE(symlink(target.c_str(), verdicts.file().c_str()) == 0);
  publish_verdict(verdicts.paths, ill(noon));
  CHECK(read_file(AT_FDCWD, target) == "mine");
  CHECK(verdicts.last(noon).severity() == Severity::critical);
}

TEST_CASE("a verdict that cannot be published is a warning", "[verdict]") {
  NodePaths paths;
  paths.verdict_dir = "/dev/null/verdicts";
  const Warnings warnings;
  publish_verdict(paths, ill(noon));
  REQUIRE(warnings.lines.size() == 1);
  CHECK_THAT(warnings.lines[0], Catch::StartsWith("/run/ganeti/gluster: cannot publish the verdict: "));
}

TEST_CASE("readers see whole verdicts while others publish", "[verdict]") {
  const Verdicts verdicts;
  publish_verdict(verdicts.paths, ill(noon));
  std::vector<Child> writers;
  for (const std::size_t objects : {1U, 4000U}) {
    writers.push_back(Child::start({}, [&] {
      auto report = ill(noon);
      report.findings[0].objects.assign(objects, "a brick");
      for (int i = 0; i < 100; ++i) publish_verdict(verdicts.paths, report);
      return 0;
    }));
  }
  for (auto& writer : writers) {
    do {
      CHECK(verdicts.last(noon).severity() == Severity::critical);
    } while (!writer.wait(Deadline::in(0ms)));
  }
}

}  // namespace ganeti::gluster::test
