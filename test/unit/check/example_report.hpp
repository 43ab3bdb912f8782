// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/check/report.hpp>

namespace ganeti::gluster::test {

using namespace std::chrono_literals;

inline constexpr std::int64_t check_time = 1795285550;  // 2026-11-21T18:25:50Z

/// A node on which everything is well.
inline CheckReport well_report() {
  CheckReport report;
  report.time = check_time;
  report.duration = 12345us;
  report.version = "1.2.3";
  report.node = "node1.example.com";
  report.storage_dir = "/var/run/ganeti/gluster";
  report.volume = "node1,node2:/gv0";
  report.state = "well";
  report.probes = {{"mount", true, 4200us, ""}, {"servers", true, 1500us, ""}};
  report.measured.answer_time = 4200us;
  report.measured.size_bytes = 10'000'000'000;
  report.measured.free_bytes = 7'100'000'000;
  report.measured.inodes = 1'000'000;
  report.measured.free_inodes = 990'000;
  report.measured.images = 12;
  report.measured.images_bytes = 20'000'000'000;
  report.measured.servers = 2;
  report.measured.servers_up = 2;
  report.measured.holds = 3;
  return report;
}

/// A finding of @p code with the severity of its kind.
inline Finding finding(const char* code, std::string evidence, std::string cure) {
  Finding result;
  result.code = code;
  result.severity = find_finding_kind(code)->severity;
  result.evidence = std::move(evidence);
  result.cure = std::move(cure);
  return result;
}

/// A node with a dead mount, a server that is down, and a muted finding; two probes could not judge.
inline CheckReport ill_report() {
  auto report = well_report();
  report.state = "dead";
  report.measured = {};
  report.measured.servers = 2;
  report.measured.servers_up = 1;
  report.probes = {
      {"mount", true, 4200us, ""}, {"servers", true, 1001500us, ""}, {"volume", false, 0us, "not reached: mount"}};

  auto dead = finding("MOUNT_DEAD", "no process serves the mount of node1,node2:/gv0", "ganeti-gluster mount");
  dead.instances = {"web1.example.com", "web2.example.com"};
  dead.since = check_time - 3 * 3600 - 5 * 60;
  dead.times_last_day = 2;
  auto down = finding("SERVER_DOWN", "node2 does not answer at port 24007: Connection refused",
                      "ssh node2 systemctl start glusterd");
  down.objects = {"node2"};
  auto stale = finding("HOLD_STALE", "2 holds without a use", "ganeti-gluster umount --all-stale");
  stale.extent = 2;
  stale.objects = {"ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0", "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.1"};
  stale.mute = Mute{"HOLD_STALE", check_time + 9 * 60, false, 2, "admin", check_time - 60, Severity::warning};
  report.findings = {dead, down, stale};
  return report;
}

/// A node on which everything is wrong: each kind of finding once, with its own severity.
inline CheckReport worst_report() {
  auto report = ill_report();
  report.findings.clear();
  for (const auto severity : {Severity::critical, Severity::warning, Severity::unknown}) {
    for (const auto& kind : finding_kinds()) {
      if (kind.severity == severity) report.findings.push_back(finding(kind.code, kind.summary, "none"));
    }
  }
  return report;
}

}  // namespace ganeti::gluster::test
