// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/forms.hpp>
#include <ganeti-gluster/error.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

namespace {

const std::string text = "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0";
const DiskPath the_disk(text);

}  // namespace

TEST_CASE("a URI is read as it was written") {
  const auto source = GENERATE(as<std::string>(), "node1:/gv0", "my_host:24008:/gv0", "192.0.2.1:/gv0/vms",
                               "[2001:db8::1]:/gv0/a/b", "[::1]:24008:/gv0/a+b@c=d/.e");
  const auto volume = GlusterVolume::parse(source);
  const auto found = parse_gluster_uri(gluster_uri(volume, the_disk));
  CHECK(found.volume == volume);
  CHECK(found.disk == the_disk);
}

TEST_CASE("a URI has host and port, and odd characters percent-encoded") {
  CHECK(gluster_uri(GlusterVolume::parse("[::1],node2:/gv0/a+b"), the_disk) ==
        "gluster://[::1]:24007/gv0/a%2Bb/" + text);
}

TEST_CASE("the URI of a unix socket is read as it was written") {
  VolumeParameters parameters;
  parameters.transport = Transport::unix_socket;
  parameters.servers = {"/run/a+b/glusterd.socket"};
  parameters.subdir = "vms";
  const GlusterVolume volume(parameters);
  const auto uri = gluster_uri(volume, the_disk);
  CHECK(uri == "gluster+unix:///gv0/vms/" + text + "?socket=/run/a%2Bb/glusterd.socket");
  const auto found = parse_gluster_uri(uri);
  CHECK(found.volume == volume);
  CHECK(found.disk == the_disk);
}

TEST_CASE("everything that QEMU lets out or writes in another way is understood") {
  const auto volume = [](const std::string& begin) { return parse_gluster_uri(begin + text).volume.to_string(); };
  CHECK(volume("gluster:///gv0/") == "127.0.0.1:/gv0");
  CHECK(volume("gluster+tcp://Node1/gv0/") == "node1:/gv0");
  CHECK(volume("gluster://node1//gv0///vms//") == "node1:/gv0/vms");
  CHECK(volume("gluster://%6eode1:24008/gv%30/a%2fb%2F") == "node1:24008:/gv0/a/b");
  const auto on_socket = parse_gluster_uri("gluster+unix:///gv0/" + text + "?socket=%2Frun%2Fsocket").volume;
  CHECK(on_socket.servers().front().host == "/run/socket");
}

TEST_CASE("a URI that is wrong is refused by the part that is wrong") {
  const auto [uri, part] = GENERATE_COPY(table<std::string, std::string>({
      {"", "URI"},
      {"node1:/gv0/" + text, "URI"},
      {"http://node1/gv0/" + text, "URI"},
      {"GLUSTER://node1/gv0/" + text, "URI"},
      {"gluster+://node1/gv0/" + text, "transport"},
      {"gluster+rdma://node1/gv0/" + text, "transport"},
      {"gluster+udp://node1/gv0/" + text, "transport"},
      {"gluster://node1", "URI"},
      {"gluster://node1/gv0", "URI"},
      {"gluster://node1/gv0/" + text + "#a", "URI"},
      {"gluster://node1/gv0/" + text + "?socket=/run/s", "URI"},
      {"gluster://node1/gv0/a%2/" + text, "URI"},
      {"gluster://node1/gv0/a%zz/" + text, "URI"},
      {"gluster://node1/gv0/a%", "URI"},
      {"gluster://node1,node2/gv0/" + text, "server"},
      {"gluster://user@node1/gv0/" + text, "server"},
      {"gluster://:24007/gv0/" + text, "server"},
      {"gluster://[::1/gv0/" + text, "port"},
      {"gluster://[node1]/gv0/" + text, "server"},
      {"gluster://[::1]x/gv0/" + text, "server"},
      {"gluster://node%/gv0/" + text, "server"},
      {"gluster://node1:/gv0/" + text, "port"},
      {"gluster://node1:0/gv0/" + text, "port"},
      {"gluster://node1:65536/gv0/" + text, "port"},
      {"gluster://2001:db8::1/gv0/" + text, "port"},
      {"gluster://node1/g v/" + text, "volume name"},
      {"gluster://node1/gv0%00/" + text, "volume name"},
      {"gluster://node1/gv0/../" + text, "subdir"},
      {"gluster://node1/gv0/%2e%2E/" + text, "subdir"},
      {"gluster+unix://node1/gv0/" + text + "?socket=/run/s", "server"},
      {"gluster+unix:///gv0/" + text, "socket"},
      {"gluster+unix:///gv0/" + text + "?path=/run/s", "socket"},
      {"gluster+unix:///gv0/" + text + "?socket=run/s", "socket"},
      {"gluster+unix:///gv0/" + text + "?socket=/run/s&a=b", "socket"},
      {"gluster+unix:///gv0/" + text + "?socket=%", "socket"},
  }));
  CAPTURE(uri);
  const auto error = refused([&uri = uri] { return parse_gluster_uri(uri); });
  REQUIRE(error);
  CHECK(error->text().subject.starts_with(part + " \""));
}

TEST_CASE("a URI of a file that is no disk is refused") {
  const auto path = GENERATE(as<std::string>(), "ganeti/0", "ganeti", "other/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0",
                             "ganeti//8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0", "");
  CAPTURE(path);
  CHECK_THROWS_AS(parse_gluster_uri("gluster://node1/gv0/" + path), ImageError);
}
