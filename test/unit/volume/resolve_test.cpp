// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/resolve.hpp>

using namespace ganeti::gluster;
using namespace std::chrono_literals;

TEST_CASE("addresses are their own resolution, without any time to look them up") {
  const auto volume = resolve(GlusterVolume::parse("192.0.2.1,[2001:db8::1]:/gv0"), 0ms);
  CHECK(volume.servers() == std::vector<Server>{{"192.0.2.1", {"192.0.2.1"}}, {"2001:db8::1", {"2001:db8::1"}}});
}

TEST_CASE("names keep their order and get their addresses") {
  const auto unresolved = GlusterVolume::parse("no-such-host.invalid,localhost:/gv0", 24008);
  const auto volume = resolve(unresolved, 20s);
  CHECK(volume == unresolved);
  REQUIRE(volume.servers().size() == 2);
  CHECK(volume.servers()[0].addresses.empty());
  const auto& local = volume.servers()[1].addresses;
  CHECK(
      (std::count(local.begin(), local.end(), "127.0.0.1") == 1 || std::count(local.begin(), local.end(), "::1") == 1));
}

TEST_CASE("a name that cannot be looked up in time has no addresses") {
  const auto volume = resolve(GlusterVolume::parse("no-such-host.invalid:/gv0"), 0ms);
  CHECK(volume.servers().front().addresses.empty());
}

TEST_CASE("a unix socket is not looked up") {
  VolumeParameters parameters;
  parameters.transport = Transport::unix_socket;
  parameters.servers = {"/var/run/glusterd.socket"};
  const GlusterVolume volume(parameters);
  CHECK(resolve(volume, 0ms) == volume);
}
