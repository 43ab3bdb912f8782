// SPDX-License-Identifier: BSD-2-Clause
#include <regex>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/forms.hpp>

using namespace ganeti::gluster;

namespace {

const DiskPath disk("ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
const auto several = GlusterVolume::parse("node1,[2001:db8::2]:24008:/gv0/vms");

GlusterVolume on_socket() {
  VolumeParameters parameters;
  parameters.transport = Transport::unix_socket;
  parameters.servers = {"/run/glusterd.socket"};
  return GlusterVolume(parameters);
}

}  // namespace

TEST_CASE("Ganeti's regular expression finds each part in the URI for Ganeti") {
  const std::regex expected("gluster://([a-z0-9-.]+):([0-9]+)/([^/]+)/(.+)");
  const auto uri = ganeti_uri(GlusterVolume::parse("Node1.example.com:/gv_0/a+b@c=d"), disk);
  std::smatch found;
  REQUIRE(std::regex_match(uri, found, expected));
  CHECK(found[1] == "node1.example.com");
  CHECK(found[2] == "24007");
  CHECK(found[3] == "gv_0");
  // Not encoded: Ganeti 3.1 hands it to QEMU as it stands.
  CHECK(found[4] == "a+b@c=d/" + disk.text());
}

TEST_CASE("options of QEMU have all servers, in dots as in JSON") {
  const auto options = qemu_options(several, disk);
  CHECK(options.dotted == "driver=raw,file.driver=gluster,file.volume=gv0,file.path=vms/" + disk.text() +
                              ",file.server.0.type=inet,file.server.0.host=node1,file.server.0.port=24008"
                              ",file.server.1.type=inet,file.server.1.host=2001:db8::2,file.server.1.port=24008");
  CHECK(options.json == R"({"driver":"raw","file":{"driver":"gluster","volume":"gv0","path":"vms/)" + disk.text() +
                            R"(","server":[{"type":"inet","host":"node1","port":"24008"},)"
                            R"({"type":"inet","host":"2001:db8::2","port":"24008"}]}})");
}

TEST_CASE("options of QEMU can name a unix socket, the node and the log") {
  QemuSettings settings;
  settings.node_name = "disk0";
  settings.debug = 9;
  settings.log_file = "/var/log/a,b.log";
  const auto options = qemu_options(on_socket(), disk, settings);
  CHECK(options.dotted == "driver=raw,node-name=disk0,file.driver=gluster,file.volume=gv0,file.path=" + disk.text() +
                              ",file.server.0.type=unix,file.server.0.path=/run/glusterd.socket"
                              ",file.debug=9,file.logfile=/var/log/a,,b.log");
  const auto json = nlohmann::json::parse(options.json);
  CHECK(json["node-name"] == "disk0");
  CHECK(json["file"]["debug"] == 9);
  CHECK(json["file"]["logfile"] == "/var/log/a,b.log");
  CHECK(json["file"]["server"] == nlohmann::json::parse(R"([{"type":"unix","path":"/run/glusterd.socket"}])"));
}

TEST_CASE("a disk of libvirt has all servers") {
  CHECK(libvirt_disk_xml(several, disk) ==
        "<disk type=\"network\" device=\"disk\">\n"
        "  <driver name=\"qemu\" type=\"raw\" />\n"
        "  <source protocol=\"gluster\" name=\"gv0/vms/" +
            disk.text() +
            "\">\n"
            "    <host name=\"node1\" port=\"24008\" />\n"
            "    <host name=\"2001:db8::2\" port=\"24008\" />\n"
            "  </source>\n"
            "  <target dev=\"vda\" />\n"
            "</disk>\n");
}

TEST_CASE("a disk of libvirt can be behind a unix socket, and its target is escaped") {
  const auto xml = libvirt_disk_xml(on_socket(), disk, "sd\"<a");
  CHECK(xml.find("<host transport=\"unix\" socket=\"/run/glusterd.socket\" />") != std::string::npos);
  CHECK(xml.find("<target dev=\"sd&quot;&lt;a\" />") != std::string::npos);
}
