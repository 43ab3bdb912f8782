// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "color.hpp"

using namespace ganeti::gluster::tool;

TEST_CASE("colours are for terminals") {
  CHECK(is_colored(Color::automatic, {nullptr, "xterm", true}));
  CHECK(is_colored(Color::automatic, {nullptr, nullptr, true}));
  CHECK_FALSE(is_colored(Color::automatic, {nullptr, "xterm", false}));
}

TEST_CASE("NO_COLOR and a dumb terminal have no colours") {
  CHECK_FALSE(is_colored(Color::automatic, {"1", "xterm", true}));
  CHECK_FALSE(is_colored(Color::automatic, {nullptr, "dumb", true}));
  CHECK(is_colored(Color::automatic, {"", "xterm", true}));  // no-color.org: when it is not empty
}

TEST_CASE("the option beats all surroundings") {
  CHECK(is_colored(Color::always, {"1", "dumb", false}));
  CHECK_FALSE(is_colored(Color::never, {nullptr, "xterm", true}));
}
