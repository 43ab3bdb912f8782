// SPDX-License-Identifier: BSD-2-Clause
#include <memory>
#include <optional>
#include <utility>

#include <pybind11/stl.h>

#include <ganeti-gluster/storage/gluster_storage.hpp>
#include <ganeti-gluster/storage/report.hpp>

#include "bindings.hpp"
#include "disk_argument.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

std::unique_ptr<GlusterStorage, DeleteWithoutGil> make_storage(const Mounter& mounter, const GlusterVolume& volume,
                                                               const DiskArgument& disk,
                                                               std::optional<PathPolicy> policy, DiskAccess access) {
  return std::unique_ptr<GlusterStorage, DeleteWithoutGil>(
      new GlusterStorage(mounter, DiskAddress{volume, disk_of(disk), access}, std::move(policy)));
}

// Options that are not given are those of the settings.
void create(GlusterStorage& storage, std::int64_t size_mib, std::optional<ImageLabel> label,
            const SpaceOptions* options) {
  if (options != nullptr) {
    storage.create(size_mib, std::move(label), *options);
  } else {
    storage.create(size_mib, std::move(label));
  }
}

void grow(GlusterStorage& storage, std::int64_t amount_mib, const SpaceOptions* options) {
  if (options != nullptr) {
    storage.grow(amount_mib, *options);
  } else {
    storage.grow(amount_mib);
  }
}

void check_grow(GlusterStorage& storage, std::int64_t amount_mib, const SpaceOptions* options) {
  if (options != nullptr) {
    storage.check_grow(amount_mib, *options);
  } else {
    storage.check_grow(amount_mib);
  }
}

void bind_report(py::module_& module) {
  py::class_<SpaceReport>(module, "SpaceReport", "What a node reports of the volume that belongs to a storage dir.")
      .def_readonly("volume", &SpaceReport::volume, "Which.")
      .def_readonly("space", &SpaceReport::space, "Its sizes.");
  module.def("report_volume", &report_volume, "mounter"_a, WithoutGil(),
             "The volume that a request is about which names the storage dir alone; asks no mount.\n"
             "Raises SettingsError if there is none or more than one, MountError.");
  module.def("report_space", &report_space, "mounter"_a, WithoutGil(),
             "The sizes of that volume, by libgfapi if it is not mounted. Raises as report_volume, and MountError.");
}

}  // namespace

void bind_storage(py::module_& module) {
  bind_report(module);
  py::class_<GlusterStorage, std::unique_ptr<GlusterStorage, DeleteWithoutGil>>(
      module, "GlusterStorage",
      "A disk as Ganeti's node daemon drives it: an image on a volume, with the mount that it needs, if any.\n\n"
      "What needs the image attaches first. All may raise PathPolicyError, MountError or ImageError, but close\n"
      "and shutdown, which never raise for the state of the outside world.")
      .def(py::init(&make_storage), "mounter"_a, "volume"_a, "disk"_a, "policy"_a = py::none(),
           "access"_a = DiskAccess::kernelspace, "Looks at nothing yet.")
      .def("create", &create, "size_mib"_a, "label"_a = py::none(), "options"_a = py::none(), WithoutGil(),
           "Creates the image and attaches it; without options by the settings.")
      .def("attach", &GlusterStorage::attach, WithoutGil(),
           "Looks whether the image is there; False only if the volume answered that it is not.")
      .def_property_readonly("state", &GlusterStorage::state, "What is known of the disk.")
      .def("assemble", &GlusterStorage::assemble, WithoutGil(),
           "Mounts the volume and records that this node uses the disk's path; in userspace only looks for the image.")
      .def("open", &GlusterStorage::open, WithoutGil(), "The same as assemble.")
      .def("hold_path", &GlusterStorage::hold_path, WithoutGil(),
           "Mounts and records that also in userspace, for a program that knows nothing but paths.")
      .def("close", &GlusterStorage::close, WithoutGil(),
           "Drops the hold, and lets the mount go if it was the last need.")
      .def("shutdown", &GlusterStorage::shutdown, WithoutGil(), "The same as close.")
      .def("remove", &GlusterStorage::remove, WithoutGil(),
           "Removes the image for good, drops hold and mount; returns whether there was an image.")
      .def(
          "rename", [](GlusterStorage& storage, const DiskArgument& to) { storage.rename(disk_of(to)); }, "to"_a,
          WithoutGil(), "Gives the disk another name on the volume, moves the hold, and follows.")
      .def("grow", &grow, "amount_mib"_a, "options"_a = py::none(), WithoutGil(),
           "Makes the image larger; without options by the settings.")
      .def("check_grow", &check_grow, "amount_mib"_a, "options"_a = py::none(), WithoutGil(),
           "Checks all that grow checks and changes nothing.")
      .def("size", &GlusterStorage::size, WithoutGil(), "Actual size in bytes.")
      .def("info", &GlusterStorage::info, WithoutGil(), "Sizes and names.")
      .def("label", &GlusterStorage::label, WithoutGil(), "What the image says of itself, or None.")
      .def("set_info", &GlusterStorage::set_info, "text"_a, "disk_uuid"_a = "", WithoutGil(),
           "Stores Ganeti's text on the image.")
      .def("space", &GlusterStorage::space, WithoutGil(),
           "Sizes of the volume that the disk lies on, whether or not the image is there.")
      .def_property_readonly("disk", &GlusterStorage::disk, "Its name now.")
      .def_property_readonly("volume", &GlusterStorage::volume, "Where it lies.")
      .def_property_readonly("device_path", &GlusterStorage::device_path,
                             "Path of the image for programs; in state failed one that nothing can open or create.");
}

}  // namespace ganeti::gluster::python
