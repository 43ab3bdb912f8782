// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>

#include <catch2/catch.hpp>

#include "mount/diagnosis.hpp"

namespace gg = ganeti::gluster;

namespace {

gg::MountEvidence evidence(std::vector<std::string> causes = {}) {
  return {gg::GlusterVolume::parse("node1:/gv0/sub"),
          "Mount failed.",
          std::move(causes),
          "/var/log/glusterfs/m.log",
          false,
          false};
}

}  // namespace

TEST_CASE("a cause that the client's log names is put into words with its cure") {
  const auto unknown =
      gg::diagnose(evidence({"failed to fetch volume file (key:/gv0)"}), {{"node1", "192.0.2.1", 0, true}});
  CHECK(unknown.why == "the servers know no volume gv0");
  CHECK(unknown.cure == "check the name with: gluster volume list");
  const auto subdir = gg::diagnose(
      evidence({"SETVOLUME on remote-host failed [{remote-error=subdirectory for mount \"/sub\" is not found}]"}), {});
  CHECK(subdir.why == "the volume gv0 has no directory sub");
}

TEST_CASE("servers that cannot be reached are named one by one") {
  const auto diagnosis = gg::diagnose(evidence(), {{"node1", "", EHOSTUNREACH, false},
                                                   {"node2", "192.0.2.2", ECONNREFUSED, false},
                                                   {"2001:db8::3", "2001:db8::3", ETIMEDOUT, false}});
  CHECK(diagnosis.why ==
        "the name node1 does not resolve, nothing listens on node2 (192.0.2.2) port 24007, "
        "no answer from 2001:db8::3 port 24007");
  CHECK(diagnosis.cure == "check the name with: getent ahosts node1");
}

TEST_CASE("a server that accepts and says nothing is told apart from one that is not there") {
  auto mute = evidence();
  mute.timed_out = true;
  const auto diagnosis = gg::diagnose(mute, {{"node1", "192.0.2.1", 0, false}, {"node2", "192.0.2.2", 0, true}});
  CHECK(diagnosis.why == "node1 (192.0.2.1) port 24007 accepts connections but does not answer");
  CHECK(diagnosis.cure == "see whether glusterd on node1 hangs");
  CHECK(gg::diagnose(mute, {{"node1", "192.0.2.1", 0, true}}).why == "it did not come up in time");
}

TEST_CASE("an unknown cause is quoted, and without any the helper's words are") {
  CHECK(gg::diagnose(evidence({"something new"}), {{"node1", "192.0.2.1", 0, true}}).why ==
        "the client says: something new");
  CHECK(gg::diagnose(evidence(), {{"node1", "192.0.2.1", 0, true}}).why == "Mount failed.");
}

TEST_CASE("a port on which nothing listens is found over both families") {
  const auto volume =
      gg::GlusterVolume::parse("127.0.0.1,::1:/gv0", 1).with_servers({{"127.0.0.1", {"127.0.0.1"}}, {"::1", {"::1"}}});
  const auto reached = gg::reach_servers(volume, gg::Deadline::in(std::chrono::seconds(5)));
  REQUIRE(reached.size() == 2);
  CHECK(reached[0].error == ECONNREFUSED);
  CHECK(reached[1].error != 0);
}
