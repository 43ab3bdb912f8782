// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "mount/identity.hpp"

namespace gg = ganeti::gluster;

namespace {

constexpr const char* volfile =
    "volume gv0-client-0\n"
    "    type protocol/client\n"
    "    option volfile-key /gv0\n"
    "    option process-uuid CTX_ID:b68a4a3c-GRAPH_ID:0-PID:207-HOST:vm-PC_NAME:gv0-client-0-RECON_NO:-0\n"
    "    option remote-host node1\n"
    "end-volume\n"
    "volume gv0-client-1\n"
    "    option volume-id cb20fc24-a434-4c0b-a8fe-15aa5cb9578e\n"
    "    option remote-host node2\n"
    "end-volume\n"
    "volume gv0-client-2\n"
    "    option remote-host node1\n"
    "end-volume\n";

gg::GlusterVolume volume(const std::string& source) { return gg::GlusterVolume::parse(source); }

gg::Identity identity(std::string name, std::string subdir = "") {
  gg::Identity result;
  result.name = std::move(name);
  result.subdir = std::move(subdir);
  return result;
}

}  // namespace

TEST_CASE("a mounted volume tells its name, id, bricks and servers") {
  const auto found = gg::parse_identity(
      volfile,
      "{ \n  \"Cmdlinestr\": \"/usr/sbin/glusterfs --process-name fuse --volfile-server=node3 --volfile-server=node1 "
      "--volfile-id=/gv0 --subdir-mount=/sub/deep /run/m\"\n}\n");
  CHECK(found.name == "gv0");
  CHECK(found.subdir == "sub/deep");
  CHECK(found.volume_id == "cb20fc24-a434-4c0b-a8fe-15aa5cb9578e");
  CHECK(found.brick_hosts == std::vector<std::string>{"node1", "node2"});
  CHECK(found.volfile_servers == std::vector<std::string>{"node3", "node1"});
}

TEST_CASE("what is no volfile gives no name") {
  CHECK(gg::parse_identity("", "").name.empty());
  CHECK(gg::parse_identity("option volfile-key ////\noption\n", "--subdir-mount=").name.empty());
}

TEST_CASE("a mount is ours by name, subdir and one server in common") {
  const std::vector<gg::Server> found = {{"node2", {}}, {"node1", {}}};
  CHECK(gg::match(identity("gv0"), volume("node1:/gv0"), found, {}) == gg::Match::ours);
  CHECK(gg::match(identity("gv1"), volume("node1:/gv0"), found, {}) == gg::Match::other_volume);
  CHECK(gg::match(identity("gv0", "sub"), volume("node1:/gv0"), found, {}) == gg::Match::other_volume);
  CHECK(gg::match(identity("gv0", "sub"), volume("node1:/gv0/sub"), found, {}) == gg::Match::ours);
  CHECK(gg::match(identity("gv0"), volume("node9:/gv0"), found, {}) == gg::Match::other_servers);
}

TEST_CASE("servers are compared by address where addresses are known") {
  const auto wanted = volume("storage:/gv0").with_servers({{"storage", {"198.51.100.11"}}});
  CHECK(gg::match(identity("gv0"), wanted, {{"node1", {"198.51.100.11"}}}, {}) == gg::Match::ours);
  CHECK(gg::match(identity("gv0"), wanted, {{"node1", {"198.51.100.12"}}}, {}) == gg::Match::other_servers);
}

TEST_CASE("a loopback server is this machine, whatever a brick host calls it") {
  const auto wanted = volume("127.0.0.1:/gv0").with_servers({{"127.0.0.1", {"127.0.0.1"}}});
  const std::vector<gg::Server> found = {{"node1", {"198.51.100.11"}}};
  CHECK(gg::match(identity("gv0"), wanted, found, {"198.51.100.11"}) == gg::Match::ours);
  CHECK(gg::match(identity("gv0"), wanted, found, {"198.51.100.99"}) == gg::Match::other_servers);
}
