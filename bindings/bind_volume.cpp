// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include <ganeti-gluster/volume/resolve.hpp>
#include <ganeti-gluster/volume/volume.hpp>

#include "bindings.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

using Limit = std::variant<double, std::chrono::milliseconds>;

std::chrono::milliseconds as_milliseconds(const Limit& limit) {
  if (const auto* exact = std::get_if<std::chrono::milliseconds>(&limit)) return *exact;
  const auto seconds = std::get<double>(limit);
  if (!(seconds >= 0 && seconds <= 86'400)) throw py::value_error("limit must be between 0 and 86400 seconds");
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

GlusterVolume make_volume(std::vector<std::string> servers, std::uint16_t port, std::string volume, std::string subdir,
                          const std::string& transport) {
  return GlusterVolume({std::move(servers), port, std::move(volume), std::move(subdir), parse_transport(transport)});
}

std::size_t hash_volume(const GlusterVolume& volume) { return std::hash<std::string>()(volume.to_string()); }

void bind_server(py::module_& module) {
  py::class_<Server>(module, "Server", "A server and its addresses, as far as somebody has resolved it.")
      .def(py::init<std::string, std::vector<std::string>>(), "host"_a, "addresses"_a = std::vector<std::string>())
      .def_readonly("host", &Server::host, "Name or address without brackets, or a socket path.")
      .def_readonly("addresses", &Server::addresses, "Numeric, all families, sorted; empty: not resolved.")
      .def("__eq__", std::equal_to<Server>(), py::is_operator());
}

}  // namespace

void bind_volume(py::module_& module) {
  bind_server(module);
  py::class_<GlusterVolume>(
      module, "GlusterVolume",
      "A GlusterFS volume as Ganeti addresses it: a checked value that never touches the network.")
      .def(py::init(&make_volume), "servers"_a, "port"_a = 24007, "volume"_a = "gv0", "subdir"_a = "",
           "transport"_a = "tcp",
           "No server at all means 127.0.0.1; \"volume/subdir\" is understood. Raises VolumeError.")
      .def_static("parse", &GlusterVolume::parse, "source"_a, "port"_a = 24007,
                  "Reads `host[,host...]:[/]volume[/subdir]`. Raises VolumeError.")
      .def_property_readonly("servers", &GlusterVolume::servers, "Best first.")
      .def_property_readonly("port", &GlusterVolume::port, "Of glusterd.")
      .def_property_readonly("name", &GlusterVolume::name, "The volume's name.")
      .def_property_readonly("subdir", &GlusterVolume::subdir, "Root of the mount; empty: the volume's.")
      .def_property_readonly("transport", &GlusterVolume::transport, "How clients talk to the servers.")
      .def("with_more_servers", &GlusterVolume::with_more_servers, "hosts"_a,
           "A copy with hosts after the servers it has. Raises VolumeError.")
      .def("with_servers", &GlusterVolume::with_servers, "servers"_a, "A copy with other servers. Raises VolumeError.")
      .def("fuse_source", &GlusterVolume::fuse_source, "Source of a FUSE mount. Raises VolumeError.")
      .def("fuse_options", &GlusterVolume::fuse_options, "Options that belong to it.")
      .def("to_string", &GlusterVolume::to_string, "`host[,host...][:port]:/volume[/subdir]`, for messages.")
      .def("name_with_subdir", &GlusterVolume::name_with_subdir, "Volume and subdir without servers.")
      .def("same_volume", &GlusterVolume::same_volume, "other"_a,
           "Same text, or same name, subdir, port and transport and a host or address in common. Never resolves.")
      .def("__str__", &GlusterVolume::to_string)
      .def("__repr__", [](const GlusterVolume& volume) { return "<GlusterVolume " + volume.to_string() + ">"; })
      .def("__hash__", &hash_volume)
      .def("__eq__", std::equal_to<GlusterVolume>(), py::is_operator());
  module.def(
      "resolve",
      [](const GlusterVolume& volume, const Limit& limit) { return resolve(volume, as_milliseconds(limit)); },
      "volume"_a, "limit"_a, WithoutGil(),
      "The volume with all addresses of its servers; those that do not resolve within limit (seconds) keep none.");
}

}  // namespace ganeti::gluster::python
