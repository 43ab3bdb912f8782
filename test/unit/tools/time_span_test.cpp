// SPDX-License-Identifier: BSD-2-Clause
#include "time_span.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

#include "mute_text.hpp"

namespace ganeti::gluster::tool {

using namespace std::chrono_literals;

TEST_CASE("a time is a number with its unit", "[time_span]") {
  CHECK(parse_time_span("30s") == 30s);
  CHECK(parse_time_span("30m") == 30min);
  CHECK(parse_time_span("4h") == 4h);
  CHECK(parse_time_span("2d") == 48h);
  CHECK(parse_time_span("1w") == 168h);
  CHECK(parse_time_span("3652d") == 3652 * 24h);
}

TEST_CASE("what is no time is refused", "[time_span]") {
  const auto* text = GENERATE("", "4", "h", "-4h", "+4h", " 4h", "4 h", "4hours", "4h30m", "1.5h", "4ms", "forever");
  CHECK_THROWS_WITH(parse_time_span(text),
                    "'" + std::string(text) + "' is no time; write it as 30s, 30m, 4h, 2d or 1w");
}

TEST_CASE("a time of nothing, and one beyond ten years, is refused", "[time_span]") {
  const auto* text = GENERATE("0s", "0w", "3653d", "4294967296s", "99999999999999999999w");
  CHECK_THROWS_WITH(parse_time_span(text), "'" + std::string(text) + "' is not between 1s and ten years");
}

TEST_CASE("a mute says what ends it", "[time_span]") {
  Mute mute;
  CHECK(mute_text(mute, 1000) == "until it clears or gets worse");
  mute.until = 1000 + 4 * 3600;
  CHECK(mute_text(mute, 1000) == "for 4h 0m, unless it clears or gets worse");
  mute.is_sticky = true;
  CHECK(mute_text(mute, 1000) == "for 4h 0m");
  mute.until = 0;
  CHECK(mute_text(mute, 1000) == "until it is unmuted");
}

}  // namespace ganeti::gluster::tool
