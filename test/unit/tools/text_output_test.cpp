// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "test/unit/check/example_report.hpp"
#include "text_output.hpp"
#include "wrap.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

TEST_CASE("text about a node that is well") {
  CHECK(text_output(test::well_report(), {}) ==
        "       node: node1.example.com\n"
        "    verdict: OK\n"
        "storage dir: /var/run/ganeti/gluster\n"
        "     volume: node1,node2:/gv0\n"
        "      state: well, answers in 4.2 ms\n"
        "      space: 71 % free: 6.6G of 9.3G\n"
        "     inodes: 99 % free: 990000 of 1000000\n"
        "     images: 12, 18.6G when all are full\n"
        "    servers: 2 of 2 answer\n"
        "      holds: 3\n"
        "    checked: 2026-11-21T18:25:50Z, in 12.3 ms, by version 1.2.3\n");
}

TEST_CASE("text about a node that is ill tells consequence and cure of each finding") {
  CHECK(text_output(test::ill_report(), {}) ==
        "       node: node1.example.com\n"
        "    verdict: CRITICAL\n"
        "      muted: HOLD_STALE(9m 0s)\n"
        "storage dir: /var/run/ganeti/gluster\n"
        "     volume: node1,node2:/gv0\n"
        "      state: dead\n"
        "      space: ?\n"
        "     inodes: ?\n"
        "     images: ?\n"
        "    servers: 1 of 2 answer\n"
        "      holds: ?\n"
        "    checked: 2026-11-21T18:25:50Z, in 12.3 ms, by version 1.2.3\n"
        " not judged: volume: not reached: mount\n"
        "\n"
        "CRITICAL MOUNT_DEAD: the client process behind the mount is gone\n"
        "   evidence: no process serves the mount of node1,node2:/gv0\n"
        "consequence: Disks cannot be reached: instances that use their files get\n"
        "             input/output errors.\n"
        "  endangers: web1.example.com, web2.example.com\n"
        "      since: 2026-11-21T15:20:50Z (3h 5m), 2 times in the last day\n"
        "       cure: ganeti-gluster mount\n"
        "        see: gluster-mount-check(8), gluster-mount-check explain MOUNT_DEAD\n"
        "\n"
        "WARNING SERVER_DOWN: a server of the volume does not answer\n"
        "   evidence: node2 does not answer at port 24007: Connection refused\n"
        "   affected: node2\n"
        "consequence: None as long as the others do: they are asked instead.\n"
        "       cure: ssh node2 systemctl start glusterd\n"
        "        see: gluster-mount-check(8), gluster-mount-check explain SERVER_DOWN\n"
        "\n"
        "WARNING HOLD_STALE (muted): a disk's hold keeps the mount, and nothing uses the disk\n"
        "   evidence: 2 holds without a use\n"
        "   affected: ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0,\n"
        "             ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.1\n"
        "consequence: The volume stays mounted without need.\n"
        "      muted: until 2026-11-21T18:34:50Z, or until it clears or gets worse, by\n"
        "             admin\n"
        "       cure: ganeti-gluster umount --all-stale\n"
        "        see: gluster-mount-check(8), gluster-mount-check explain HOLD_STALE\n");
}

TEST_CASE("text with ill things only leaves out the rest") {
  TextStyle style;
  style.ill_only = true;
  const auto text = text_output(test::ill_report(), style);
  CHECK_THAT(text, Catch::StartsWith(" not judged: volume"));
  CHECK_THAT(text, Catch::Contains("MOUNT_DEAD") && Catch::Contains("SERVER_DOWN"));
  CHECK(text.find("HOLD_STALE") == std::string::npos);

  CHECK(text_output(test::well_report(), style) == "node1.example.com: all is well\n");
  auto muted = test::well_report();
  muted.findings = {test::ill_report().findings[2]};
  CHECK(text_output(muted, style) == "node1.example.com: all is well; muted: HOLD_STALE(9m 0s)\n");
}

TEST_CASE("text shows each probe where it is asked for") {
  TextStyle style;
  style.probes = true;
  const auto text = text_output(test::ill_report(), style);
  CHECK_THAT(text, Catch::Contains("      probe: mount: 4.2 ms\n      probe: servers: 1001.5 ms\n not judged: volume"));
}

TEST_CASE("colours add nothing but themselves") {
  TextStyle style;
  style.color = true;
  const auto text = text_output(test::worst_report(), style);
  CHECK_THAT(text, Catch::Contains("\x1b["));
  std::string without;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      without += text[i];
    }
  }
  CHECK(without == text_output(test::worst_report(), {}));
  CHECK(text_output(test::worst_report(), {}).find('\x1b') == std::string::npos);
}

TEST_CASE("text keeps within the width, but for what is to be copied") {
  for (const std::size_t width : {60U, 80U, 200U}) {
    TextStyle style;
    style.width = width;
    std::istringstream lines(text_output(test::worst_report(), style));
    for (std::string line; std::getline(lines, line);) {
      const bool may_be_longer = line.find(" see: ") != std::string::npos ||
                                 line.find(" cure: ") != std::string::npos || line.find(": ") == line.find(' ');
      INFO(line);
      const bool is_heading = !line.empty() && line[0] != ' ';
      CHECK((line.size() <= width || may_be_longer || is_heading));
    }
  }
}

TEST_CASE("control characters do not reach a terminal") {
  auto report = test::ill_report();
  report.findings[0].evidence = "\x1b]0;owned\x07";
  report.findings[0].objects = {"a\nb"};
  report.findings[0].instances = {
      "\x9b"
      "31m"};
  report.node = "\x1b[2J";
  const auto text = text_output(report, {});
  CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
}

TEST_CASE("lines are broken between words") {
  CHECK(wrap("one two three", 2, 9) == "one two\n  three");
  CHECK(wrap("a-very-long-word b", 2, 6) == "a-very-long-word\n  b");
  CHECK(wrap("", 2, 6).empty());
}
