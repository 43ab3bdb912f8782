// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>
#include <iterator>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/image_label.hpp>

using namespace ganeti::gluster;
using namespace std::chrono_literals;

namespace {

using std::chrono::sys_days;

constexpr std::chrono::sys_seconds some_time = sys_days(2026y / 11 / 21) + 7h;

ImageLabel full_label() {
  ImageLabel label;
  label.cluster = "cluster.example.org";
  label.disk = "ganeti/0d3b8cd0-1f84-4ad8-8d5a-b3b5c9ac6b6c.0";
  label.disk_uuid = "5f9f7f3e-3f46-4f6e-9d6b-0a6b9f1b7a5e";
  label.size_mib = 10240;
  label.created = some_time;
  label.set_info("originstname+instance1.example.org");
  return label;
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

// Bytes of which many make up lines that a label might have.
std::string random_text(std::mt19937& random) {
  static const std::string words[] = {
      "\ncluster = ",
      "\ninstance = ",
      "\ndisk = ",
      "\ndisk_uuid = ",
      "\ninfo = ",
      "\nsize_mib = ",
      "\ncreated = ",
      "\nboot = ",
      " = ",
      "\n",
      "2026-11-21",
      "T07:00:00Z",
      "-1",
      "99999",
      "\xe2\x82\xac",
      "\xff\xfe",
      "\x80",
      "\x1b[2J",
      "=",
      "+",
  };
  std::string text;
  for (auto parts = random() % 60; parts > 0; --parts) {
    switch (random() % 8) {
      case 0:
        text += static_cast<char>(random());
        break;
      case 1:
        text += repeated(words[random() % std::size(words)], random() % 300);
        break;
      default:
        text += words[random() % std::size(words)];
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a label is text that getfattr shows") {
  CHECK(full_label().format() ==
        "cluster = cluster.example.org\n"
        "created = 2026-11-21T07:00:00Z\n"
        "disk = ganeti/0d3b8cd0-1f84-4ad8-8d5a-b3b5c9ac6b6c.0\n"
        "disk_uuid = 5f9f7f3e-3f46-4f6e-9d6b-0a6b9f1b7a5e\n"
        "info = originstname+instance1.example.org\n"
        "instance = instance1.example.org\n"
        "size_mib = 10240\n");
}

TEST_CASE("a label that was formatted is parsed as the same label") {
  CHECK(ImageLabel::parse(full_label().format()) == full_label());
  ImageLabel label;
  CHECK(label.format().empty());
  CHECK(ImageLabel::parse("") == label);
  label.info = "\xc3\xa4 = \xe2\x82\xac ";
  CHECK(ImageLabel::parse(label.format()) == label);
}

TEST_CASE("the instance's name is taken from Ganeti's text, and kept if another text comes") {
  ImageLabel label;
  label.set_info("originstname+one.example.org");
  CHECK(label.instance == "one.example.org");
  label.set_info("originstname+two.example.org");
  CHECK(label.instance == "two.example.org");
  for (const auto* text : {"by hand", "", "originstname+", "x originstname+three"}) {
    label.set_info(text);
    CHECK(label.info == text);
    CHECK(label.instance == "two.example.org");
  }
}

TEST_CASE("long texts are cut between characters") {
  struct Row {
    const char* unit;
    std::size_t kept_bytes;
  };
  // Cut off within a character that takes as many bytes; the last two are no UTF-8.
  const auto row = GENERATE(values<Row>(
      {{"a", 512}, {"\xc3\xa4", 512}, {"\xe2\x82\xac", 510}, {"\x80", 512}, {"\xf0\x80\x80\x80\x80", 510}}));
  CAPTURE(row.unit);
  const auto text = repeated(row.unit, 600);
  ImageLabel label;
  label.cluster = text;
  const auto cut = ImageLabel::parse(label.format()).cluster;
  CHECK(cut == text.substr(0, row.kept_bytes));
  CHECK(ImageLabel::parse("cluster = " + text + "\n").cluster == cut);
  label.cluster = "b" + repeated("\xf0\x9f\x92\xbe", 200);
  CHECK(ImageLabel::parse(label.format()).cluster == label.cluster.substr(0, 509));
  label.cluster = text.substr(0, row.kept_bytes);
  CHECK(ImageLabel::parse(label.format()) == label);
}

TEST_CASE("control characters in a label become blanks") {
  ImageLabel label;
  label.info = "a\nsize_mib = 7\x1b[2J";
  CHECK(label.format() == "info = a size_mib = 7 [2J\n");
  CHECK(ImageLabel::parse("info = a\x1b[2J\r\n").info == "a [2J ");
}

TEST_CASE("what makes no sense in a label is left out") {
  const auto label = ImageLabel::parse("nonsense\ncolour = red\nsize_mib = 1\ninfo = a = b\ninfo = c\ndisk = d");
  CHECK(label.size_mib == 1);
  CHECK(label.info == "a = b");
  CHECK(label.disk == "d");
  CHECK_FALSE(label.created);
  const auto size = GENERATE(as<std::string>(), "", "-1", "1 MiB", "0x10", " 1", "1.5", "99999999999999999999",
                             "-9223372036854775808");
  CAPTURE(size);
  CHECK(ImageLabel::parse("size_mib = " + size + "\n").size_mib == 0);
}

TEST_CASE("a time of creation is a sane one, written in full") {
  CHECK(ImageLabel::parse("created = 2026-11-21T07:00:00Z\n").created == some_time);
  CHECK(ImageLabel::parse("created = 2024-02-29T23:59:59Z\n").created == sys_days(2024y / 2 / 29) + 24h - 1s);
  const auto text =
      GENERATE(as<std::string>(), "", "1763708400", "2026-11-21", "2026-11-21T07:00:00", "2026-11-21 07:00:00Z",
               "2026-11-21T07:00:00Z ", " 2026-11-21T07:00:00Z", "2026-11-21T07:00:00+01:00", "2026-11-21T07:00:60Z",
               "2026-11-21T24:00:00Z", "2026-11-31T07:00:00Z", "2025-02-29T07:00:00Z", "2026-13-21T07:00:00Z",
               "2026-1-21T07:00:00Z", "2026-11-21T 7:00:00Z", "-026-11-21T07:00:00Z", "1970-01-01T00:00:00Z",
               "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "99999-12-31T23:59:59Z");
  CAPTURE(text);
  CHECK_FALSE(ImageLabel::parse("created = " + text + "\n").created);
}

TEST_CASE("a time of creation that nobody would read is not written") {
  ImageLabel label;
  label.created = GENERATE(std::chrono::sys_seconds{}, std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max(),
                           std::chrono::sys_seconds(sys_days(2200y / 1 / 1)));
  CHECK(label.format().empty());
}

TEST_CASE("whatever a label holds, it is read without harm, and what was read is what would be written") {
  std::mt19937 random(20261121);
  std::size_t told = 0;
  for (int round = 0; round < 500; ++round) {
    const auto text = random_text(random);
    CAPTURE(round, text);
    const auto label = ImageLabel::parse(text);
    for (const auto* part : {&label.cluster, &label.instance, &label.disk, &label.disk_uuid, &label.info}) {
      CHECK(part->size() <= ImageLabel::most_text_bytes);
      CHECK(std::none_of(part->begin(), part->end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
      told += part->empty() ? 0 : 1;
    }
    CHECK(ImageLabel::parse(label.format()) == label);
  }
  CHECK(told > 500);  // not nonsense only
}
