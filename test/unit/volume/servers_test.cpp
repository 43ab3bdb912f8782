// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/volume.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

namespace {

using Hosts = std::vector<std::string>;

GlusterVolume served_by(Hosts servers, Transport transport = Transport::tcp) {
  VolumeParameters parameters;
  parameters.servers = std::move(servers);
  parameters.transport = transport;
  return GlusterVolume(parameters);
}

Hosts hosts_of(const GlusterVolume& volume) {
  Hosts hosts;
  for (const auto& server : volume.servers()) hosts.push_back(server.host);
  return hosts;
}

}  // namespace

TEST_CASE("without a server it is Ganeti's default") {
  CHECK(hosts_of(served_by({})) == Hosts{"127.0.0.1"});
  CHECK(hosts_of(served_by({"", ","})) == Hosts{"127.0.0.1"});
}

TEST_CASE("server lists are split at commas, in order and without repetition") {
  CHECK(hosts_of(served_by({"b,a", "", "c,,a", "B"})) == Hosts{"b", "a", "c"});
}

TEST_CASE("names are kept in lower case, addresses in their short form") {
  CHECK(hosts_of(served_by({"Node1.Example.COM"})) == Hosts{"node1.example.com"});
  CHECK(hosts_of(served_by({"[2001:DB8:0:0::1]", "2001:db8::1"})) == Hosts{"2001:db8::1"});
  CHECK(hosts_of(served_by({"my_host", "xn--nde-sna", "1st", "a.b-c.d"})) ==
        Hosts{"my_host", "xn--nde-sna", "1st", "a.b-c.d"});
}

TEST_CASE("an address knows itself, a name is not looked up") {
  const auto volume = served_by({"[::1]", "192.0.2.7", "localhost"});
  CHECK(volume.servers()[0].addresses == Hosts{"::1"});
  CHECK(volume.servers()[1].addresses == Hosts{"192.0.2.7"});
  CHECK(volume.servers()[2].addresses.empty());
}

TEST_CASE("what is neither a name nor an address is refused") {
  const auto host = GENERATE(
      as<std::string>(), "-o", "-", "a-", "a.-b", "a..b", ".a", "a.", ".", "a b", " a", "a;b", "$(id)", "`id`", "a|b",
      "a&b", "a/b", "/a", "../a", "..", "a\\b", "a'b", "a\"b", "a*", "a?b", "a\nb", "a\n", "a\tb", "a\x7f",
      "n\xc3\xb6"
      "de",
      "a@b", "a=b", "a%b", "1.2.3.256", "127.1", "010.0.0.1", "1234", "1.2.3.4.5", "::1::", ":", "::g", "[::1", "::1]",
      "[]", "[1.2.3.4]", "[node1]", "[[::1]]", "node1:24007", "fe80::1%eth0", "[fe80::1%eth0]");
  CAPTURE(host);
  const auto error = refused([&] { return served_by({host}); });
  REQUIRE(error);
  CHECK(error->code() == Errc::invalid_volume);
  CHECK(refused([&] { return served_by({"node1"}).with_more_servers({host}); }));
}

TEST_CASE("a NUL does not end a host") {
  CHECK(refused([] { return served_by({std::string("1.2.3.4\0x", 9)}); }));
  CHECK(refused([] { return served_by({std::string("node1\0", 6)}); }));
}

TEST_CASE("the parts of a host name and its whole have their limits") {
  const std::string label(63, 'a');
  CHECK_NOTHROW(served_by({label}));
  CHECK(refused([&] { return served_by({label + "a"}); }));
  const auto longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  CHECK_NOTHROW(served_by({longest}));
  CHECK(refused([&] { return served_by({longest + "a"}); }));
}

TEST_CASE("more servers come after those there are") {
  const auto volume = served_by({"a"}).with_more_servers({"b,A", "[::1]", "b"});
  CHECK(hosts_of(volume) == Hosts{"a", "b", "::1"});
}

TEST_CASE("servers from a resolver are checked and put in order") {
  const auto volume = served_by({"a"}).with_servers({{"A", {"2001:DB8::1", "192.0.2.1", "192.0.2.1"}}, {"::1", {}}});
  CHECK(volume.servers() == std::vector<Server>{{"a", {"192.0.2.1", "2001:db8::1"}}, {"::1", {"::1"}}});
  CHECK(refused([&] { return volume.with_servers({}); }));
  CHECK(refused([&] { return volume.with_servers({{"a", {"not-an-address"}}}); }));
  CHECK(refused([&] { return volume.with_servers({{"-o", {}}}); }));
}

TEST_CASE("the unix transport has exactly one absolute path as its server") {
  const auto volume = served_by({"/var/run/glusterd.socket"}, Transport::unix_socket);
  CHECK(hosts_of(volume) == Hosts{"/var/run/glusterd.socket"});
  CHECK(volume.to_string() == "/var/run/glusterd.socket:/gv0");
  CHECK_NOTHROW(volume.with_servers(volume.servers()));
  CHECK_NOTHROW(volume.with_more_servers({}));
  CHECK(refused([&] { return volume.with_more_servers({"node1"}); }));
  const auto servers =
      GENERATE(as<Hosts>(), Hosts{}, Hosts{"node1"}, Hosts{"run/glusterd.socket"}, Hosts{""}, Hosts{"/a", "/b"},
               Hosts{"/a,/b"}, Hosts{"/a b"}, Hosts{"/a\n"}, Hosts{"/" + std::string(107, 'a')});
  CAPTURE(servers);
  CHECK(refused([&] { return served_by(servers, Transport::unix_socket); }));
}

TEST_CASE("port 0 is refused") {
  VolumeParameters parameters;
  parameters.port = 0;
  CHECK(refused([&] { return GlusterVolume(parameters); }));
}
