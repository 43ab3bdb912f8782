// SPDX-License-Identifier: BSD-2-Clause
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/check/range.hpp>
#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {
namespace {

struct Example {
  const char* range;
  std::vector<double> alerts;
  std::vector<double> is_well;
};

}  // namespace

// Monitoring Plugins Development Guidelines, "Example ranges" and "Command line examples": each -w and each -c there.
TEST_CASE("the published examples of ranges mean what the guidelines say") {
  const std::vector<Example> examples{{"10", {-0.1, 10.1}, {0, 5, 10}},
                                      {"10:", {9.9, -1}, {10, 1e9}},
                                      {"~:10", {10.1}, {10, 0, -1e9}},
                                      {"10:20", {9.9, 20.1}, {10, 15, 20}},
                                      {"@10:20", {10, 15, 20}, {9.9, 20.1}},
                                      {"20", {-1, 21}, {0, 20}},       // -w10 -c20
                                      {"~:20", {21}, {-1, 20}},        // -w~:10 -c~:20
                                      {"10:", {9}, {10, 20, 21}},      // -w10: -c20
                                      {"1:", {0.9, -5}, {1, 2}},       // -c1:
                                      {"~:0", {0.1, 10}, {0, -1}},     // -w~:0 -c10
                                      {"5:6", {4.9, 6.1}, {5, 6}},     // -c5:6
                                      {"@10:20", {10, 20}, {9, 21}}};  // -c@10:20
  for (const auto& example : examples) {
    INFO(example.range);
    const auto range = Range::parse(example.range);
    for (const double value : example.alerts) CHECK(range.alerts(value));
    for (const double value : example.is_well) CHECK_FALSE(range.alerts(value));
  }
}

TEST_CASE("ranges may be negative, without any end, or inside of none") {
  CHECK(Range::parse("-5:5").alerts(-5.1));
  CHECK_FALSE(Range::parse("-5:5").alerts(-5));
  CHECK_FALSE(Range::parse("~:").alerts(-1e300));
  CHECK_FALSE(Range::parse("~:").alerts(1e300));
  CHECK(Range::parse("@~:0").alerts(-3));
  CHECK_FALSE(Range::parse("@~:0").alerts(0.1));
  CHECK(Range::parse(":10").alerts(-1));
  CHECK_FALSE(Range::parse("7:7").alerts(7));
}

TEST_CASE("what is no number alerts outside of a range, and not inside of one") {
  CHECK(Range::parse("~:").alerts(std::nan("")));
  CHECK_FALSE(Range::parse("@~:").alerts(std::nan("")));
}

TEST_CASE("what is no range is refused with the reason") {
  for (const auto* text : {"",    "@",   ":",   "@:",  "~",    "5:1", "1:~", "a",   "1:b",   "1:2:3",  "10%", " 10",
                           "10 ", "1e3", "inf", "nan", "0x10", "+5",  "--5", "1,5", "=-5:5", "20:10:", "@@1"}) {
    INFO(text);
    CHECK_THROWS_AS(Range::parse(text), Error);
  }
  CHECK_THROWS_WITH(Range::parse("5:1"),
                    "range '5:1': cannot be read: its start is above its end; write [@]START:END, such as 20: for "
                    "\"less than 20\"");
}

TEST_CASE("a range is written in its shortest form, without an exponent") {
  for (const auto* text : {"10", "10:", "~:10", "10:20", "@10:20", "-5:5", "~:", "@~:0", "0.5",
                           "1.25:", "@0:", "0:", "2199023255552:", "100000000000000000000:"}) {
    CHECK(Range::parse(text).to_string() == text);
  }
  CHECK(Range::parse("0:10").to_string() == "10");
  CHECK(Range::parse(":10").to_string() == "10");
  CHECK(Range{0.00001}.to_string() == "0.00001:");
}

}  // namespace ganeti::gluster
