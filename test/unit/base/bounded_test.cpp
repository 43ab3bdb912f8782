// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include <catch2/catch.hpp>

#include <ganeti-gluster/bounded.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/log.hpp"

using namespace ganeti::gluster;
using namespace std::chrono_literals;

TEST_CASE("what a part returns arrives as it is, without what it logs") {
  const std::string text("a\0b\n\xff", 5);
  const auto part = [&text] {
    log(LogLevel::error, "not for the report");
    return text;
  };
  CHECK(run_bounded(part, 30s) == text);
  CHECK(run_bounded([] { return std::string(200'000, 'x'); }, 30s).size() == 200'000);
}

TEST_CASE("a part that fails says why") {
  const auto fail = []() -> std::string { throw std::runtime_error("the reason"); };
  CHECK_THROWS_WITH(run_bounded(fail, 30s), Catch::Contains("the reason"));
}

TEST_CASE("a part that does not end is given up") {
  const auto wait = []() -> std::string {
    for (;;) pause();
  };
  try {
    static_cast<void>(run_bounded(wait, 100ms));
    FAIL("it ended");
  } catch (const Error& error) {
    CHECK(error.code() == std::errc::timed_out);
    CHECK(error.text().why == "no answer in 100ms");
  }
}

TEST_CASE("a part runs in a process of its own") {
  CHECK(run_bounded([] { return std::to_string(getpid()); }, 30s) != std::to_string(getpid()));
}
