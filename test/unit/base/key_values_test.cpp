// SPDX-License-Identifier: BSD-2-Clause
#include <cstdint>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "base/key_values.hpp"

namespace ganeti::gluster {

TEST_CASE("values that were formatted are parsed with the same values", "[key_values]") {
  KeyValues values;
  values.set("text", "a b");
  values.set("smallest", std::numeric_limits<std::int64_t>::min());
  values.set("empty", "");
  values.set("equals", " = a = b =");
  values.set("utf8", "\xc3\xa4");
  const auto parsed = KeyValues::parse(values.format());
  CHECK(parsed.is_whole());
  CHECK(parsed.text("text") == "a b");
  CHECK(parsed.number("smallest") == std::numeric_limits<std::int64_t>::min());
  CHECK(parsed.text("empty").empty());
  CHECK(parsed.text("equals") == " = a = b =");
  CHECK(parsed.text("utf8") == "\xc3\xa4");
  CHECK(parsed.format() == values.format());
}

TEST_CASE("values are written sorted, and control characters add no lines", "[key_values]") {
  KeyValues values;
  values.set("b", "x\ny = 1\r\x1b\x7f");
  values.set("a", 7);
  values.set("c", "gone");
  values.erase("c");
  CHECK(values.format() == "a = 7\nb = x y = 1   \n");
}

TEST_CASE("lines that make no sense are left out, and are told", "[key_values]") {
  struct Row {
    const char* text;
    bool whole;
    const char* kept;
  };
  const auto row = GENERATE(values<Row>({
      {"", true, ""},
      {"a = 1\nb = 2\n", true, "a = 1\nb = 2\n"},
      {"a = 1\nb = 2", false, "a = 1\nb = 2\n"},
      {"a = 1\nnonsense\nb=2\n\nc = 3\n", false, "a = 1\nc = 3\n"},
      {"\n", false, ""},
      {"a = first\na = second\n", true, "a = first\n"},
  }));
  CAPTURE(row.text);
  const auto parsed = KeyValues::parse(row.text);
  CHECK(parsed.is_whole() == row.whole);
  CHECK(parsed.format() == row.kept);
}

TEST_CASE("what is absent or no number reads as nothing", "[key_values]") {
  const auto values = KeyValues::parse("word = 12 MiB\nhuge = 9223372036854775808\nblank =  1\n");
  CHECK(values.text("absent").empty());
  CHECK(values.number("absent") == 0);
  CHECK(values.number("word") == 0);
  CHECK(values.number("huge") == 0);
  CHECK(values.number("blank") == 0);
}

}  // namespace ganeti::gluster
