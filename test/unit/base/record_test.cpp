// SPDX-License-Identifier: BSD-2-Clause
#include <cstdint>
#include <limits>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "base/record.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster {

TEST_CASE("a record that was formatted is parsed with the same values", "[record]") {
  Record record;
  record.set("volume", "node1,node2:/gv0");
  record.set("smallest", std::numeric_limits<std::int64_t>::min());
  record.set("largest", std::numeric_limits<std::int64_t>::max());
  record.set("empty", "");
  record.set("equals", "a = b = c");
  const auto parsed = Record::parse(record.format("this"), "this");
  REQUIRE(parsed);
  CHECK(parsed->text("volume") == "node1,node2:/gv0");
  CHECK(parsed->number("smallest") == std::numeric_limits<std::int64_t>::min());
  CHECK(parsed->number("largest") == std::numeric_limits<std::int64_t>::max());
  CHECK(parsed->text("empty").empty());
  CHECK(parsed->text("equals") == "a = b = c");
}

TEST_CASE("a record starts with the boot that it belongs to", "[record]") {
  Record record;
  record.set("a", "1");
  record.set("boot", "another");
  CHECK(record.format("this") == "boot = this\na = 1\n");
}

TEST_CASE("a record of another boot is no record", "[record]") {
  CHECK_FALSE(Record::parse("boot = that\na = 1\n", "this"));
  CHECK_FALSE(Record::parse("a = 1\n", "this"));
}

TEST_CASE("a record that was cut off anywhere is no record or has lost whole lines only", "[record]") {
  Record record;
  record.set("pid", 1234);
  record.set("volume", "node1:/gv0");
  const auto content = record.format("this");
  for (std::size_t length = 0; length < content.size(); ++length) {
    const auto parsed = Record::parse(content.substr(0, length), "this");
    CAPTURE(length);
    const bool whole_lines = length > 0 && content[length - 1] == '\n';
    CHECK(parsed.has_value() == whole_lines);
    if (parsed) CHECK((parsed->number("pid") == 1234 || parsed->text("pid").empty()));
  }
}

TEST_CASE("a record with a line that is no assignment is no record", "[record]") {
  CHECK_FALSE(Record::parse("boot = this\nnonsense\n", "this"));
  CHECK_FALSE(Record::parse("boot = this\na=1\n", "this"));
  CHECK_FALSE(Record::parse("boot = this\n\n", "this"));
}

TEST_CASE("control characters in a value cannot add lines to a record", "[record]") {
  Record record;
  record.set("command", "evil\nboot = other\x1b\x7f");
  const auto content = record.format("this");
  CHECK(content == "boot = this\ncommand = evil boot = other  \n");
  CHECK(Record::parse(content, "this"));
}

TEST_CASE("a value that is absent or no number reads as nothing", "[record]") {
  Record record;
  record.set("word", "12 MiB");
  record.set("huge", "9223372036854775808");
  CHECK(record.text("absent").empty());
  CHECK(record.number("absent") == 0);
  CHECK(record.number("word") == 0);
  CHECK(record.number("huge") == 0);
}

TEST_CASE("a record that was written is read again, mode 0600, and leaves no other file", "[record]") {
  const test::Scratch scratch;
  Record record;
  record.set("a", 1);
  record.write(scratch.dir(), "hold");
  record.set("a", 2);
  record.write(scratch.dir(), "hold");

  const auto read = Record::read(scratch.dir(), "hold");
  REQUIRE(read);
  CHECK(read->number("a") == 2);
  CHECK(boost::filesystem::status(scratch.path("hold")).permissions() == boost::filesystem::perms(0600));
  CHECK(std::distance(boost::filesystem::directory_iterator(scratch.path()), {}) == 1);
}

TEST_CASE("a record that does not exist or is a symlink is no record", "[record]") {
  const test::Scratch scratch;
  Record().write(scratch.dir(), "real");
  REQUIRE(symlink("real", scratch.path("link").c_str()) == 0);
  CHECK(Record::read(scratch.dir(), "real"));
  CHECK_FALSE(Record::read(scratch.dir(), "absent"));
  CHECK_FALSE(Record::read(scratch.dir(), "link"));
}

TEST_CASE("this boot has an id, and time since boot passes", "[record]") {
  CHECK(boot_id().size() == 36);
  const auto before = time_since_boot();
  usleep(3000);
  CHECK(time_since_boot() > before);
}

}  // namespace ganeti::gluster
