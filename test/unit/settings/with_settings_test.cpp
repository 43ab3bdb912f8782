// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/settings.hpp>

using namespace ganeti::gluster;

TEST_CASE("settings add servers and a subdir to the volume of the parameters") {
  VolumeSettings settings;
  settings.servers = {"node2", "node1"};
  settings.subdir = "vms";
  const auto volume = with_settings(GlusterVolume::parse("node1:/gv0", 24008), settings);
  CHECK(volume.to_string() == "node1,node2:24008:/gv0/vms");
  CHECK(with_settings(volume, settings) == volume);
}

TEST_CASE("the subdir of the parameters wins") {
  VolumeSettings settings;
  settings.subdir = "vms";
  CHECK(with_settings(GlusterVolume::parse("node1:/gv0/mine"), settings).subdir() == "mine");
}

TEST_CASE("addresses that are known stay known") {
  const auto volume = GlusterVolume::parse("node1:/gv0").with_servers({{"node1", {"192.0.2.1"}}});
  CHECK(with_settings(volume, {}).servers() == volume.servers());
}

TEST_CASE("the unix transport puts the socket in place of the host") {
  VolumeSettings settings;
  settings.transport = Transport::unix_socket;
  settings.servers = {"/var/run/glusterd.socket"};
  const auto volume = with_settings(GlusterVolume::parse("node1:/gv0"), settings);
  CHECK(volume.transport() == Transport::unix_socket);
  CHECK(volume.to_string() == "/var/run/glusterd.socket:/gv0");
  CHECK(with_settings(volume, {}) == volume);
  settings.servers.clear();
  CHECK_THROWS_AS(with_settings(GlusterVolume::parse("node1:/gv0"), settings), VolumeError);
}

TEST_CASE("settings that make a volume invalid are refused") {
  VolumeSettings settings;
  settings.servers = {"-o"};
  CHECK_THROWS_AS(with_settings(GlusterVolume::parse("node1:/gv0"), settings), VolumeError);
  settings.servers = {};
  settings.subdir = "..";
  CHECK_THROWS_AS(with_settings(GlusterVolume::parse("node1:/gv0"), settings), VolumeError);
}
