// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "age.hpp"

using ganeti::gluster::tool::format_age;
using ganeti::gluster::tool::format_time;

TEST_CASE("an age has its two largest units") {
  CHECK(format_age(0) == "0s");
  CHECK(format_age(59) == "59s");
  CHECK(format_age(60) == "1m 0s");
  CHECK(format_age(3599) == "59m 59s");
  CHECK(format_age(3600) == "1h 0m");
  CHECK(format_age(2 * 86400 + 9 * 3600 + 59) == "2d 9h");
}

TEST_CASE("an age below zero, from a clock that was read twice, is none") { CHECK(format_age(-1) == "0s"); }

TEST_CASE("a time is written in UTC, whatever the zone of the node") {
  using namespace std::chrono;
  CHECK(format_time(sys_days(year(2026) / 2 / 28) + 23h + 59min + 58s) == "2026-02-28T23:59:58Z");
  CHECK(format_time(sys_seconds(0s)) == "1970-01-01T00:00:00Z");
}
