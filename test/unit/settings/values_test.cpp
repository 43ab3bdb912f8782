// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "settings/choices.hpp"
#include "settings/duration.hpp"
#include "settings/mount_options.hpp"

using namespace ganeti::gluster;
using namespace std::chrono_literals;

TEST_CASE("durations have a number and a unit") {
  CHECK(parse_duration("100ms") == 100ms);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("5s") == 5s);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("600000ms") == 10min);
}

TEST_CASE("durations that are malformed or out of range are refused") {
  const auto text =
      GENERATE(as<std::string>(), "", "5", "s", " 5s", "5 s", "5s ", "-5s", "+5s", "1.5s", "5h", "5S", "99ms", "0s",
               "0m", "601s", "11m", "4294967296s", "99999999999999999999ms", "5s5s", "5\ns");
  CAPTURE(text);
  CHECK_THROWS_AS(parse_duration(text), SettingsError);
}

TEST_CASE("durations are printed in the largest unit that fits") {
  CHECK(print_duration(500ms) == "500ms");
  CHECK(print_duration(1500ms) == "1500ms");
  CHECK(print_duration(90s) == "90s");
  CHECK(print_duration(120s) == "2m");
}

TEST_CASE("ways to take space and rules for overcommitting are read as they are printed") {
  for (const auto way : {Preallocation::off, Preallocation::falloc, Preallocation::full}) {
    CHECK(parse_preallocation(to_string(way)) == way);
  }
  for (const auto rule : {Overcommit::allow, Overcommit::warn, Overcommit::refuse}) {
    CHECK(parse_overcommit(to_string(rule)) == rule);
  }
  CHECK(to_string(Preallocation::falloc) == "falloc");
  CHECK(to_string(Overcommit::refuse) == "refuse");
}

TEST_CASE("a word that is not among the choices is refused with the choices") {
  const auto text = GENERATE(as<std::string>(), "", "Off", "off ", "fall", "allow\n", "true");
  CAPTURE(text);
  CHECK_THROWS_WITH(parse_preallocation(text), Catch::EndsWith("use one of off, falloc, full"));
  CHECK_THROWS_WITH(parse_overcommit(text), Catch::EndsWith("use one of allow, warn, refuse"));
  CHECK_THROWS_AS(check_log_level(text), SettingsError);
}

TEST_CASE("mount options that are safe for disk images are taken") {
  const auto option = GENERATE(as<std::string>(), "direct-io-mode=enable", "attribute-timeout=0.5",
                               "oom-score-adj=-500", "noatime", "nodev", "nosuid", "noexec", "fopen-keep-cache",
                               "x-systemd.automount", "x-mine=a.b-c_D", "reader-thread-count=4");
  CAPTURE(option);
  CHECK_NOTHROW(check_mount_option(option));
}

TEST_CASE("other mount options are refused") {
  const auto option = GENERATE(
      as<std::string>(), "", "=", "ro", "acl", "foo", "direct-io-mode", "direct-io-mode=", "noatime=1",
      "fopen-keep-cache=no", "direct-io-mode=a,ro", "direct-io-mode=a b", "direct-io-mode=a=b", "direct-io-mode=$(id)",
      "direct-io-mode=a\n", "direct-io-mode=\xc3\xa4", "server-port=1", "backup-volfile-servers=a", "volume-id=a",
      "volume-name=a", "log-file=a", "log-level=DEBUG", "transport=tcp", "subdir-mount=a", "process-name=a",
      "xlator-option=a", "x-", "x-a,ro", "x-a b", "x-mount.mkdir", "x-mount.subdir=a", "-o", "NOATIME");
  CAPTURE(option);
  CHECK_THROWS_AS(check_mount_option(option), SettingsError);
}

TEST_CASE("an option that has lost its value is told apart from an unknown one") {
  CHECK_THROWS_WITH(check_mount_option("log-file=a"), Catch::Contains("set from the volume and the other settings"));
  CHECK_THROWS_WITH(check_mount_option("lru-limit"), Catch::Contains("it takes a value"));
  CHECK_THROWS_WITH(check_mount_option("acl"), Catch::Contains("allowed are direct-io-mode,"));
}
