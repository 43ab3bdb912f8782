// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/forms.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

namespace {

const auto three = GlusterVolume::parse("node1,[2001:db8::2],node3:24008:/gv0/vms/a");

GlusterVolume on_socket() {
  VolumeParameters parameters;
  parameters.transport = Transport::unix_socket;
  parameters.servers = {"/run/glusterd.socket"};
  return GlusterVolume(parameters);
}

std::string unit_name(const std::string& mount_point) { return systemd_mount_unit(three, {mount_point, {}}).name; }

}  // namespace

TEST_CASE("an fstab line has all servers and waits for the network") {
  CHECK(fstab_line(three, {"/run/ganeti/gluster", {"direct-io-mode=enable", "noatime"}}) ==
        "node1,2001:db8::2,node3:/gv0/vms/a /run/ganeti/gluster glusterfs "
        "_netdev,server-port=24008,direct-io-mode=enable,noatime 0 0");
  CHECK(fstab_line(GlusterVolume::parse("node1:/gv0"), {"/mnt//gv0/", {}}) ==
        "node1:/gv0 /mnt/gv0 glusterfs _netdev 0 0");
}

TEST_CASE("a mount unit is complete") {
  const auto unit = systemd_mount_unit(three, {"/run/ganeti/gluster", {"noatime"}});
  CHECK(unit.name == "run-ganeti-gluster.mount");
  CHECK(unit.text ==
        "[Unit]\n"
        "Description=GlusterFS volume gv0/vms/a\n"
        "Wants=network-online.target\n"
        "After=network-online.target\n"
        "RequiresMountsFor=/var/log/glusterfs\n"
        "\n"
        "[Mount]\n"
        "What=node1,2001:db8::2,node3:/gv0/vms/a\n"
        "Where=/run/ganeti/gluster\n"
        "Type=glusterfs\n"
        "Options=_netdev,server-port=24008,noatime\n"
        "\n"
        "[Install]\n"
        "WantedBy=remote-fs.target\n");
}

TEST_CASE("the name of a mount unit is escaped as systemd-escape does it") {
  CHECK(unit_name("/mnt/a-b") == "mnt-a\\x2db.mount");
  CHECK(unit_name("/.hidden/.x") == "\\x2ehidden-.x.mount");
  CHECK(unit_name("/a_b.c/D@e+f=g") == "a_b.c-D\\x40e\\x2bf\\x3dg.mount");
}

TEST_CASE("a mount point that could be taken for something else is refused") {
  const auto path = GENERATE(as<std::string>(), "", "mnt", "/", "//", "/a/..", "/a b", "/a\tb", "/a\nb", "/a\\040b",
                             "/a%i", "/a#b", "/a\"b", "/\xc3\xa4");
  CAPTURE(path);
  const auto error = refused([&] { return fstab_line(three, {path, {}}); });
  REQUIRE(error);
  CHECK(error->text().subject.starts_with("mount point "));
  CHECK(refused([&] { return systemd_mount_unit(three, {path, {}}); }));
}

TEST_CASE("oVirt gets the other servers as an option, IPv6 addresses in brackets there") {
  const auto domain = ovirt_domain(three, {"noatime"});
  CHECK(domain.spec == "node1:/gv0/vms/a");
  CHECK(domain.vfs_type == "glusterfs");
  CHECK(domain.options == "server-port=24008,backup-volfile-servers=[2001:db8::2]:node3,noatime");
  CHECK(ovirt_domain(GlusterVolume::parse("[::1]:/gv0")).spec == "::1:/gv0");
  CHECK(ovirt_domain(GlusterVolume::parse("node1:/gv0")).options.empty());
}

TEST_CASE("a pool of libvirt has the first server and the subdir") {
  CHECK(libvirt_pool_xml(three) ==
        "<pool type=\"gluster\">\n"
        "  <name>gv0</name>\n"
        "  <source>\n"
        "    <host name=\"node1\" port=\"24008\" />\n"
        "    <dir path=\"/vms/a\" />\n"
        "    <name>gv0</name>\n"
        "  </source>\n"
        "</pool>\n");
  CHECK(libvirt_pool_xml(GlusterVolume::parse("node1:/gv0")).find("<dir path=\"/\" />") != std::string::npos);
}

TEST_CASE("what cannot have a unix socket says so") {
  const MountPlace place{"/mnt", {}};
  for (const auto& error :
       {refused([&] { return fstab_line(on_socket(), place); }),
        refused([&] { return systemd_mount_unit(on_socket(), place); }),
        refused([] { return ovirt_domain(on_socket()); }), refused([] { return libvirt_pool_xml(on_socket()); }),
        refused([] { return ganeti_uri_base(on_socket()); })}) {
    REQUIRE(error);
    CHECK(error->code() == Errc::unsupported_transport);
    CHECK(error->text().why.find("socket") != std::string::npos);
  }
}

TEST_CASE("Ganeti gets an IPv4 address if one is known, else a name") {
  const auto base = [](std::vector<Server> servers) { return ganeti_uri_base(three.with_servers(std::move(servers))); };
  CHECK(ganeti_uri_base(three) == "gluster://node1:24008/gv0/vms/a");
  CHECK(base({{"Node1", {"2001:db8::1", "192.0.2.1"}}}) == "gluster://192.0.2.1:24008/gv0/vms/a");
  CHECK(base({{"my_host", {"192.0.2.1"}}}) == "gluster://192.0.2.1:24008/gv0/vms/a");
  CHECK(base({{"my_host", {}}, {"node2", {}}}) == "gluster://node2:24008/gv0/vms/a");
  CHECK(base({{"unknown", {}}, {"node2", {"192.0.2.2"}}}) == "gluster://192.0.2.2:24008/gv0/vms/a");
  CHECK(base({{"2001:db8::1", {}}, {"192.0.2.2", {}}}) == "gluster://192.0.2.2:24008/gv0/vms/a");
}

TEST_CASE("what Ganeti cannot read fails early with the reason") {
  const auto servers = GENERATE(std::vector<Server>{{"2001:db8::1", {}}}, std::vector<Server>{{"my_host", {}}},
                                std::vector<Server>{{"six", {"2001:db8::1"}}, {"my_host", {}}});
  const auto error = refused([&] { return ganeti_uri_base(three.with_servers(servers)); });
  REQUIRE(error);
  CHECK(error->code() == Errc::resolve_failed);
  CHECK(error->text().why ==
        "Ganeti takes neither an IPv6 address nor a name with '_', and no IPv4 address of any server is known");
}
