// SPDX-License-Identifier: BSD-2-Clause
#include "journal_entry.hpp"

#include <set>

#include <catch2/catch.hpp>

namespace ganeti::gluster::tool {
namespace {

Transition transition(Transition::Kind kind, const std::string& code, Severity severity) {
  Transition result{kind, {}};
  result.finding.code = code;
  result.finding.severity = severity;
  return result;
}

CheckReport report() {
  CheckReport result;
  result.time = 1060;
  result.storage_dir = "/run/ganeti/gluster";
  result.volume = "node1:/gv0";
  return result;
}

}  // namespace

TEST_CASE("a kind of finding has one message id for ever", "[journal]") {
  // uuid.uuid5(uuid.UUID(namespace in the manual), "MOUNT_DEAD").hex
  CHECK(message_id("MOUNT_DEAD") == "0dc35849e5f3515a9231db442a886d11");
  std::set<std::string> ids;
  for (const auto& kind : finding_kinds()) ids.insert(message_id(kind.code));
  CHECK(ids.size() == finding_kinds().size());
}

TEST_CASE("an entry has the finding's code, severity, instances and cure as fields", "[journal]") {
  auto appeared = transition(Transition::Kind::appeared, "MOUNT_DEAD", Severity::critical);
  appeared.finding.evidence = "process 7 is gone";
  appeared.finding.instances = {"inst1", "inst2"};
  appeared.finding.cure = "gluster-mount-check --repair";
  CHECK(journal_fields(report(), appeared) ==
        std::vector<std::string>{"MESSAGE=MOUNT_DEAD appeared on /run/ganeti/gluster: process 7 is gone",
                                 "MESSAGE_ID=0dc35849e5f3515a9231db442a886d11", "PRIORITY=2",
                                 "SYSLOG_IDENTIFIER=gluster-mount-check", "GANETI_GLUSTER_FINDING=MOUNT_DEAD",
                                 "GANETI_GLUSTER_TRANSITION=appeared", "GANETI_GLUSTER_SEVERITY=CRITICAL",
                                 "GANETI_GLUSTER_INSTANCES=inst1 inst2",
                                 "GANETI_GLUSTER_CURE=gluster-mount-check --repair", "GANETI_GLUSTER_MUTED=0",
                                 "GANETI_GLUSTER_STORAGE_DIR=/run/ganeti/gluster", "GANETI_GLUSTER_VOLUME=node1:/gv0"});
}

TEST_CASE("what has cleared is a notice that tells how long it was there", "[journal]") {
  auto cleared = transition(Transition::Kind::cleared, "SPACE_LOW", Severity::critical);
  cleared.finding.since = 1000;
  const auto fields = journal_fields(report(), cleared);
  CHECK(fields[0] == "MESSAGE=SPACE_LOW cleared on /run/ganeti/gluster after 60 s");
  CHECK(fields[2] == "PRIORITY=5");
}

TEST_CASE("warnings, and what could not be judged, have the priority of warnings, muted ones too", "[journal]") {
  auto found = transition(Transition::Kind::worsened, "SPACE_LOW", GENERATE(Severity::warning, Severity::unknown));
  found.finding.mute = Mute{};
  const auto fields = journal_fields(report(), found);
  CHECK(fields[2] == "PRIORITY=4");
  CHECK(fields[9] == "GANETI_GLUSTER_MUTED=1");
}

}  // namespace ganeti::gluster::tool
