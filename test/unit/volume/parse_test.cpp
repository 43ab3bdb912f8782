// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/volume.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

TEST_CASE("mount sources are read and written in one form") {
  struct Row {
    const char* source;
    const char* written;
  };
  const auto row = GENERATE(values<Row>({
      {"node1:/gv0", "node1:/gv0"},
      {"node1:gv0", "node1:/gv0"},
      {"Node1,node2:/gv0/vms/a", "node1,node2:/gv0/vms/a"},
      {"192.0.2.1:/gv0", "192.0.2.1:/gv0"},
      {"::1:/gv6", "[::1]:/gv6"},
      {"::1:gv6", "[::1]:/gv6"},
      {"[::1]:/gv6", "[::1]:/gv6"},
      {"2001:db8::1,node2:/gv0", "[2001:db8::1],node2:/gv0"},
      {"node2,2001:db8::1:/gv0", "node2,[2001:db8::1]:/gv0"},
      {"node1:24008:/gv0", "node1:24008:/gv0"},
      {"node1,[2001:db8::1]:24008:/gv0", "node1,[2001:db8::1]:24008:/gv0"},
      {"node1:24007:/gv0", "node1:/gv0"},
  }));
  CAPTURE(row.source);
  const auto volume = GlusterVolume::parse(row.source);
  CHECK(volume.to_string() == row.written);
  CHECK(GlusterVolume::parse(volume.to_string()) == volume);
  CHECK(volume.transport() == Transport::tcp);
}

TEST_CASE("an IPv6 address without brackets takes all that stands before the volume") {
  CHECK(GlusterVolume::parse("2001:db8::1:2408:/gv0").servers().front().host == "2001:db8::1:2408");
}

TEST_CASE("the port of a source wins over the one given beside it") {
  CHECK(GlusterVolume::parse("node1:/gv0", 24008).port() == 24008);
  CHECK(GlusterVolume::parse("node1:24009:/gv0", 24008).port() == 24009);
  CHECK(refused([] { return GlusterVolume::parse("node1:/gv0", 0); }));
}

TEST_CASE("what is no mount source is refused") {
  const auto source = GENERATE(
      as<std::string>(), "", ":", ":/", "node1", "/gv0", "node1:", "node1:/", ":/gv0", "node1://gv0", "node1:/-o",
      "-o:/gv0", "-oro:/gv0", "node1:/gv0 -o ro", "node 1:/gv0", "node1 :/gv0", "node1: /gv0", "node1:/gv0,ro",
      "node1:/gv0/..", "node1:/../gv0", "node1:/gv0/../../etc", "node1:/gv0;reboot", "node1:/$(id)", "`id`:/gv0",
      "node1:/gv0\n", "node1\n:/gv0", "node1:/gv0/a\nb", "node1:/gv\xc3\xa4", "n\xc3\xa4:/gv0", "node1:0:/gv0",
      "node1:65536:/gv0", "node1:x:/gv0", "node1:+1:/gv0", "node1:24007:24007:/gv0", "node1::/gv0", "[::1:/gv0",
      "::1]:/gv0", "[::1]x:/gv0", "[::1]::/gv0", "[node1]:24007:/gv0", "node1:/gv0/a:b", "gluster://node1/gv0");
  CAPTURE(source);
  const auto error = refused([&] { return GlusterVolume::parse(source); });
  REQUIRE(error);
  CHECK(error->code() == Errc::invalid_volume);
}

TEST_CASE("an over-long source is refused") {
  CHECK(refused([] { return GlusterVolume::parse(std::string(100'000, 'a') + ":/gv0"); }));
  CHECK(refused([] { return GlusterVolume::parse("node1:/" + std::string(100'000, 'a')); }));
  CHECK(refused([] { return GlusterVolume::parse(std::string("node1:/gv0\0", 11)); }));
}

TEST_CASE("transports are tcp and unix, and others are refused with the reason") {
  CHECK(parse_transport("tcp") == Transport::tcp);
  CHECK(parse_transport("unix") == Transport::unix_socket);
  CHECK(to_string(Transport::tcp) == "tcp");
  CHECK(to_string(Transport::unix_socket) == "unix");
  for (const auto* word : {"rdma", "udp"}) {
    const auto error = refused([&] { return parse_transport(word); });
    REQUIRE(error);
    CHECK(error->code() == Errc::unsupported_transport);
    CHECK(error->text().why.find(word) != std::string::npos);
  }
  for (const auto* word : {"", "TCP", "tcp ", "tcp,rdma", "inet"}) {
    const auto error = refused([&] { return parse_transport(word); });
    REQUIRE(error);
    CHECK(error->code() == Errc::invalid_volume);
  }
}

TEST_CASE("volumes are equal by what is written, not by what was resolved") {
  const auto volume = GlusterVolume::parse("node1:/gv0");
  CHECK(volume == GlusterVolume::parse("NODE1:gv0/"));
  CHECK(volume == volume.with_servers({{"node1", {"192.0.2.1"}}}));
  CHECK_FALSE(volume == GlusterVolume::parse("node1:/gv0/a"));
  CHECK_FALSE(volume == GlusterVolume::parse("node1:/gv0", 24008));
  CHECK_FALSE(volume == GlusterVolume::parse("node1,node2:/gv0"));
}

TEST_CASE("volumes are the same if a server or an address is common") {
  const auto volume = GlusterVolume::parse("node1,node2:/gv0");
  const auto resolved = volume.with_servers({{"node1", {"192.0.2.1", "2001:db8::1"}}, {"node2", {}}});
  CHECK(volume.same_volume(volume));
  CHECK(volume.same_volume(GlusterVolume::parse("node2:/gv0")));
  CHECK_FALSE(volume.same_volume(GlusterVolume::parse("192.0.2.1:/gv0")));
  CHECK(resolved.same_volume(GlusterVolume::parse("192.0.2.1:/gv0")));
  CHECK(GlusterVolume::parse("[2001:db8::1]:/gv0").same_volume(resolved));
  CHECK_FALSE(resolved.same_volume(GlusterVolume::parse("192.0.2.2:/gv0")));
  CHECK_FALSE(resolved.same_volume(GlusterVolume::parse("192.0.2.1:/gv1")));
  CHECK_FALSE(resolved.same_volume(GlusterVolume::parse("192.0.2.1:/gv0/a")));
  CHECK_FALSE(resolved.same_volume(GlusterVolume::parse("192.0.2.1:/gv0", 24008)));
}
