// SPDX-License-Identifier: BSD-2-Clause
#include <pugixml.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/volume/forms.hpp>

#include "base/xml_text.hpp"

namespace ganeti::gluster {

std::string libvirt_pool_xml(const GlusterVolume& volume) {
  if (volume.transport() == Transport::unix_socket) {
    throw VolumeError(Errc::unsupported_transport,
                      {"volume " + volume.to_string(), "cannot write it as a storage pool of libvirt",
                       "a pool has a host and no socket", "set transport = \"tcp\" in the settings"});
  }
  pugi::xml_document document;
  auto pool = document.append_child("pool");
  pool.append_attribute("type") = "gluster";
  pool.append_child("name").text() = volume.name().c_str();
  auto source = pool.append_child("source");
  auto host = source.append_child("host");
  host.append_attribute("name") = volume.servers().front().host.c_str();
  host.append_attribute("port") = volume.port();
  source.append_child("dir").append_attribute("path") = ("/" + volume.subdir()).c_str();
  source.append_child("name").text() = volume.name().c_str();
  return xml_text(document);
}

}  // namespace ganeti::gluster
