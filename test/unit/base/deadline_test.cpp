// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>

#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/deadline.hpp"

namespace ganeti::gluster {

using namespace std::chrono_literals;

TEST_CASE("a deadline ahead is not expired and has time left, never more than its limit", "[deadline]") {
  const auto deadline = Deadline::in(1h);
  CHECK_FALSE(deadline.expired());
  CHECK(deadline.left() <= 1h);
  CHECK(deadline.left() > 59min);
}

TEST_CASE("a deadline that passed is expired and has no time left", "[deadline]") {
  CHECK(Deadline::in(0ms).expired());
  CHECK(Deadline::in(0ms).left() == 0ms);
  CHECK(Deadline::in(-5s).left() == 0ms);
}

TEST_CASE("time left is never zero before the deadline", "[deadline]") {
  const auto deadline = Deadline::in(3ms);
  bool was_zero = false;
  while (true) {
    const auto left = deadline.left();
    if (deadline.expired()) break;
    was_zero = was_zero || left == 0ms;
  }
  CHECK_FALSE(was_zero);
}

TEST_CASE("a limit within a deadline is the earlier of both", "[deadline]") {
  const auto deadline = Deadline::in(1min);
  CHECK(deadline.within(1s).left() <= 1s);
  CHECK(deadline.within(1h).left() <= 1min);
  CHECK(deadline.within(1h).left() > 50s);
}

}  // namespace ganeti::gluster
