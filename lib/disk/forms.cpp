// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/forms.hpp>

#include <algorithm>
#include <vector>

#include <pugixml.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/algorithm/string/replace.hpp>
#include <nlohmann/json.hpp>

#include "base/xml_text.hpp"

namespace ganeti::gluster {
namespace {

using Json = nlohmann::ordered_json;

std::string path_in_volume(const GlusterVolume& volume, const DiskPath& disk) {
  return volume.subdir().empty() ? disk.text() : volume.subdir() + "/" + disk.text();
}

Json qemu_servers(const GlusterVolume& volume) {
  auto servers = Json::array();
  for (const auto& server : volume.servers()) {
    if (volume.transport() == Transport::unix_socket) {
      servers.push_back({{"type", "unix"}, {"path", server.host}});
    } else {
      servers.push_back({{"type", "inet"}, {"host", server.host}, {"port", std::to_string(volume.port())}});
    }
  }
  return servers;
}

// Keys by their path, a comma in a value doubled: QEMU's own syntax for nested options.
std::string dotted(const Json& options) {
  std::vector<std::string> pairs;
  const auto flat = options.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    auto key = pointer.substr(1);
    std::replace(key.begin(), key.end(), '/', '.');
    auto text = value.is_string() ? value.get<std::string>() : value.dump();
    boost::algorithm::replace_all(text, ",", ",,");
    pairs.push_back(fmt::format("{}={}", key, text));
  }
  return fmt::format("{}", fmt::join(pairs, ","));
}

}  // namespace

QemuOptions qemu_options(const GlusterVolume& volume, const DiskPath& disk, const QemuSettings& settings) {
  Json options{{"driver", "raw"}};
  if (!settings.node_name.empty()) options["node-name"] = settings.node_name;
  auto& file = options["file"];
  file = {{"driver", "gluster"},
          {"volume", volume.name()},
          {"path", path_in_volume(volume, disk)},
          {"server", qemu_servers(volume)}};
  if (settings.debug) file["debug"] = *settings.debug;
  if (!settings.log_file.empty()) file["logfile"] = settings.log_file;
  return {dotted(options), options.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::string libvirt_disk_xml(const GlusterVolume& volume, const DiskPath& disk, const std::string& target) {
  pugi::xml_document document;
  auto element = document.append_child("disk");
  element.append_attribute("type") = "network";
  element.append_attribute("device") = "disk";
  auto driver = element.append_child("driver");
  driver.append_attribute("name") = "qemu";
  driver.append_attribute("type") = "raw";
  auto source = element.append_child("source");
  source.append_attribute("protocol") = "gluster";
  source.append_attribute("name") = (volume.name_with_subdir() + "/" + disk.text()).c_str();
  for (const auto& server : volume.servers()) {
    auto host = source.append_child("host");
    if (volume.transport() == Transport::unix_socket) {
      host.append_attribute("transport") = "unix";
      host.append_attribute("socket") = server.host.c_str();
    } else {
      host.append_attribute("name") = server.host.c_str();
      host.append_attribute("port") = volume.port();
    }
  }
  element.append_child("target").append_attribute("dev") = target.c_str();
  return xml_text(document);
}

}  // namespace ganeti::gluster
