// SPDX-License-Identifier: BSD-2-Clause
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "prometheus_output.hpp"
#include "test/unit/check/example_report.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

namespace {

std::vector<std::string> lines_with(const std::string& text, const std::string& beginning) {
  std::vector<std::string> result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(beginning)) result.push_back(line);
  }
  return result;
}

}  // namespace

TEST_CASE("metrics tell what was found and measured") {
  const auto text = prometheus_output(test::ill_report());
  for (const auto* line : {
           "# HELP ganeti_gluster_check_status Verdict: 0 ok, 1 warning, 2 critical, 3 unknown.\n",
           "# TYPE ganeti_gluster_check_status gauge\nganeti_gluster_check_status 2\n",
           "ganeti_gluster_check_info{version=\"1.2.3\",node=\"node1.example.com\",storage_dir=\"/var/run/ganeti/"
           "gluster\",volume=\"node1,node2:/gv0\",state=\"dead\"} 1\n",
           "ganeti_gluster_check_timestamp_seconds 1795285550\n",
           "ganeti_gluster_check_duration_seconds 0.012345\n",
           "ganeti_gluster_probe_success{probe=\"mount\"} 1\n",
           "ganeti_gluster_probe_success{probe=\"volume\"} 0\n",
           "ganeti_gluster_finding_active{code=\"MOUNT_DEAD\",severity=\"CRITICAL\",muted=\"false\"} 1\n",
           "ganeti_gluster_finding_active{code=\"HOLD_STALE\",severity=\"WARNING\",muted=\"true\"} 1\n",
           "ganeti_gluster_finding_active{code=\"MOUNT_HUNG\",severity=\"CRITICAL\",muted=\"false\"} 0\n",
           "ganeti_gluster_filesystem_avail_bytes NaN\n",
           "ganeti_gluster_servers_up 1\n",
       }) {
    CHECK_THAT(text, Catch::Contains(line));
  }
  CHECK_THAT(prometheus_output(test::well_report()),
             Catch::Contains("ganeti_gluster_filesystem_avail_bytes 7100000000\n") &&
                 Catch::Contains("ganeti_gluster_answer_seconds 0.0042\n") &&
                 Catch::Contains("ganeti_gluster_filesystem_used_ratio 0.29"));
}

TEST_CASE("no metric vanishes, whatever could be measured or was found") {
  const auto well = prometheus_output(test::well_report());
  for (const auto& report : {test::ill_report(), test::worst_report(), CheckReport()}) {
    const auto text = prometheus_output(report);
    CHECK(lines_with(text, "# ") == lines_with(well, "# "));
    CHECK(lines_with(text, "ganeti_gluster_finding_active").size() == finding_kinds().size());
  }
}

TEST_CASE("label values are escaped") {
  auto report = test::well_report();
  report.storage_dir = "/a\"b\\c\nd\xff";
  CHECK_THAT(prometheus_output(report), Catch::Contains("storage_dir=\"/a\\\"b\\\\c?d?\""));
}
