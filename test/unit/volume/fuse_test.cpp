// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/volume.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

namespace {

const std::string longest_name = std::string(59, 'a') + ".bcd";
const std::string too_long_name = "a" + longest_name;

using Options = std::vector<std::string>;

GlusterVolume resolved(std::vector<Server> servers) {
  return GlusterVolume::parse("any:/gv0").with_servers(std::move(servers));
}

}  // namespace

TEST_CASE("a volume of one server needs no options") {
  const auto volume = GlusterVolume::parse("node1:/gv0/vms/a");
  CHECK(volume.fuse_source() == "node1:/gv0/vms/a");
  CHECK(volume.fuse_options().empty());
}

TEST_CASE("the port is an option unless it is the default") {
  CHECK(GlusterVolume::parse("node1:/gv0", 24008).fuse_options() == Options{"server-port=24008"});
}

TEST_CASE("all servers are in the source, IPv6 addresses without brackets") {
  const auto volume = GlusterVolume::parse("[::1],[2001:db8::2],node3:/gv6");
  CHECK(volume.fuse_source() == "::1,2001:db8::2,node3:/gv6");
}

TEST_CASE("a name that the mount helper would drop is given as an address, IPv4 first") {
  REQUIRE(too_long_name.size() == 64);
  const auto volume = resolved({{too_long_name, {"192.0.2.1", "2001:db8::1"}}, {"b" + too_long_name, {"192.0.2.2"}}});
  CHECK(volume.fuse_source() == "192.0.2.1,192.0.2.2:/gv0");
}

TEST_CASE("names with underscores and of 63 characters are given as they are") {
  const auto volume = resolved({{"my_host", {}}, {longest_name, {"192.0.2.1"}}});
  CHECK(volume.fuse_source() == "my_host," + longest_name + ":/gv0");
}

TEST_CASE("a name that has only IPv6 addresses is given as one of them") {
  const auto volume = resolved({{"six", {"2001:db8::1"}}, {"both", {"192.0.2.1", "2001:db8::2"}}});
  CHECK(volume.fuse_source() == "2001:db8::1,both:/gv0");
}

TEST_CASE("a server that cannot be passed in any form is left out") {
  const auto volume = resolved({{too_long_name, {}}, {"node2", {}}, {"b" + too_long_name, {}}});
  CHECK(volume.fuse_source() == "node2:/gv0");
  CHECK(volume.fuse_options().empty());
}

TEST_CASE("if no server can be passed, there is no source but an error") {
  const auto volume = resolved({{too_long_name, {}}});
  const auto error = refused([&] { return volume.fuse_source(); });
  REQUIRE(error);
  CHECK(error->code() == Errc::resolve_failed);
  CHECK(error->text().subject == "volume " + too_long_name + ":/gv0");
  CHECK(volume.fuse_options().empty());
}

TEST_CASE("a server is not named twice") {
  const auto volume = resolved({{"node1", {"192.0.2.1"}},
                                {"192.0.2.1", {}},
                                {"alias", {"192.0.2.1"}},
                                {too_long_name, {"192.0.2.1"}},
                                {"node2", {"192.0.2.2"}},
                                {"node2", {"192.0.2.2"}}});
  CHECK(volume.fuse_source() == "node1,node2:/gv0");
}

TEST_CASE("a name that adds an address to those before it stays") {
  const auto volume = resolved(
      {{"node1", {"192.0.2.1"}}, {"all", {"192.0.2.1", "192.0.2.2"}}, {too_long_name, {"192.0.2.1", "192.0.2.3"}}});
  CHECK(volume.fuse_source() == "node1,all,192.0.2.3:/gv0");
}

TEST_CASE("a unix socket cannot be mounted") {
  VolumeParameters parameters;
  parameters.transport = Transport::unix_socket;
  parameters.servers = {"/var/run/glusterd.socket"};
  const GlusterVolume volume(parameters);
  const auto error = refused([&] { return volume.fuse_source(); });
  REQUIRE(error);
  CHECK(error->code() == Errc::unsupported_transport);
  CHECK(volume.fuse_options().empty());
}
