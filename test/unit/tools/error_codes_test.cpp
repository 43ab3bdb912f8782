// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "error_codes.hpp"
#include "test/unit/check/example_report.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

TEST_CASE("findings are told as gnt-cluster verify does") {
  CHECK(error_code_lines(test::ill_report()) ==
        "ERROR:ENODEGLUSTERSTORAGEPATHUNUSABLE:node:node1.example.com:MOUNT_DEAD: no process serves the mount of "
        "node1,node2:/gv0\n"
        "WARNING:ENODEGLUSTERSTORAGEPATHUNUSABLE:node:node1.example.com:SERVER_DOWN: node2 does not answer at port "
        "24007: Connection refused\n"
        "WARNING:ENODESETUP:node:node1.example.com:cannot judge volume: not reached: mount\n");
  CHECK(error_code_lines(test::well_report()).empty());
}

TEST_CASE("each finding is one line with four colons before its message") {
  auto report = test::worst_report();
  for (auto& finding : report.findings) finding.evidence = "two\nlines";
  std::size_t lines = 0;
  for (const char c : error_code_lines(report)) lines += c == '\n' ? 1 : 0;
  CHECK(lines == finding_kinds().size() + 1);  // one probe could not judge
}

TEST_CASE("a code that is ignored only warns, be it ours or Ganeti's") {
  for (const auto* code : {"MOUNT_DEAD", "ENODEGLUSTERSTORAGEPATHUNUSABLE"}) {
    auto report = test::ill_report();
    demote(report, {code});
    CHECK(report.severity() == Severity::warning);
  }
  auto report = test::ill_report();
  demote(report, {"SERVER_DOWN"});
  CHECK(report.severity() == Severity::critical);
}

TEST_CASE("what is left critical comes before what was demoted") {
  auto report = test::worst_report();
  const auto first = report.findings[0].code;
  const auto second = report.findings[1].code;
  demote(report, {first});
  CHECK(report.findings[0].code == second);
}
