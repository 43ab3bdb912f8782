// SPDX-License-Identifier: BSD-2-Clause
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include <ganeti-gluster/disk/forms.hpp>
#include <ganeti-gluster/volume/forms.hpp>

#include "bindings.hpp"
#include "disk_argument.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

using Texts = std::vector<std::string>;

void bind_volume_forms(py::module_& module) {
  py::class_<SystemdUnit>(module, "SystemdUnit", "A mount unit.")
      .def_readonly("name", &SystemdUnit::name, "The mount point, escaped.")
      .def_readonly("text", &SystemdUnit::text, "What the file contains.");
  py::class_<OvirtDomain>(module, "OvirtDomain", "What oVirt wants to know of a storage domain.")
      .def_readonly("spec", &OvirtDomain::spec, "`server:/volume`, the path.")
      .def_readonly("vfs_type", &OvirtDomain::vfs_type, "`glusterfs`.")
      .def_readonly("options", &OvirtDomain::options, "Mount options, with the other servers.");
  module.def(
      "fstab_line",
      [](const GlusterVolume& volume, std::string mount_point, Texts options) {
        return fstab_line(volume, {std::move(mount_point), std::move(options)});
      },
      "volume"_a, "mount_point"_a, "options"_a = Texts(), "A line of fstab(5). Raises VolumeError.");
  module.def(
      "systemd_mount_unit",
      [](const GlusterVolume& volume, std::string mount_point, Texts options) {
        return systemd_mount_unit(volume, {std::move(mount_point), std::move(options)});
      },
      "volume"_a, "mount_point"_a, "options"_a = Texts(), "A mount unit. Raises VolumeError.");
  module.def("ovirt_domain", &ovirt_domain, "volume"_a, "options"_a = Texts(),
             "A storage domain of type GlusterFS. Raises VolumeError.");
  module.def("libvirt_pool_xml", &libvirt_pool_xml, "volume"_a,
             "A storage pool of libvirt, which has the first server alone. Raises VolumeError.");
  module.def("ganeti_uri_base", &ganeti_uri_base, "volume"_a,
             "`gluster://HOST:PORT/VOLUME[/SUBDIR]` as Ganeti reads it. Raises VolumeError.");
}

void bind_disk_forms(py::module_& module) {
  module.def(
      "gluster_uri",
      [](const GlusterVolume& volume, const DiskArgument& disk) { return gluster_uri(volume, disk_of(disk)); },
      "volume"_a, "disk"_a, "URI of a disk, with the first server.");
  module.def(
      "parse_gluster_uri",
      [](const std::string& uri) {
        auto found = parse_gluster_uri(uri);
        return std::pair(std::move(found.volume), std::move(found.disk));
      },
      "uri"_a, "Volume and disk of a URI. Raises VolumeError, ImageError.");
  module.def(
      "ganeti_uri",
      [](const GlusterVolume& volume, const DiskArgument& disk) { return ganeti_uri(volume, disk_of(disk)); },
      "volume"_a, "disk"_a, "URI of a disk as Ganeti reads it. Raises VolumeError.");
  py::class_<QemuOptions>(module, "QemuOptions", "Options by which QEMU opens a disk, with all servers.")
      .def_readonly("dotted", &QemuOptions::dotted, "`driver=raw,file.driver=gluster,...`")
      .def_readonly("json", &QemuOptions::json, "The same as an object on one line.");
  module.def(
      "qemu_options",
      [](const GlusterVolume& volume, const DiskArgument& disk, std::string node_name, std::optional<unsigned> debug,
         std::string log_file) {
        return qemu_options(volume, disk_of(disk), {std::move(node_name), debug, std::move(log_file)});
      },
      "volume"_a, "disk"_a, py::kw_only(), "node_name"_a = "", "debug"_a = py::none(), "log_file"_a = "",
      "Options for -blockdev and --image-opts.");
  module.def(
      "libvirt_disk_xml",
      [](const GlusterVolume& volume, const DiskArgument& disk, const std::string& target) {
        return libvirt_disk_xml(volume, disk_of(disk), target);
      },
      "volume"_a, "disk"_a, "target"_a = "vda", "The element `<disk>` of a libvirt domain.");
}

}  // namespace

void bind_forms(py::module_& module) {
  bind_volume_forms(module);
  bind_disk_forms(module);
}

}  // namespace ganeti::gluster::python
