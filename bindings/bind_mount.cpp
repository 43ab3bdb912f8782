// SPDX-License-Identifier: BSD-2-Clause
#include <pybind11/stl.h>

#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/mount/namespace.hpp>

#include "bindings.hpp"
#include "lease_object.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

void bind_lease(py::module_& module) {
  py::class_<LeaseObject, std::unique_ptr<LeaseObject, DeleteWithoutGil>>(
      module, "Lease",
      "A live, verified mount of one volume, usable until it is released or dropped; a context manager.\n\n"
      "All but release raises ValueError after that.")
      .def(
          "root", [](LeaseObject& lease) { return lease.get().root(); }, "Descriptor of the mount's root (O_PATH).")
      .def_property_readonly(
          "volume", [](LeaseObject& lease) { return lease.get().volume(); }, "The volume that was asked for.")
      .def_property_readonly(
          "storage_dir", [](LeaseObject& lease) { return lease.get().storage_dir(); },
          "Path of the mount as Ganeti spells it.")
      .def(
          "check", [](LeaseObject& lease) { lease.get().check(); }, WithoutGil(),
          "Asks the mount, unless it answered less than two seconds ago. Raises MountError.")
      .def(
          "hold",
          [](LeaseObject& lease, const std::string& disk, HoldReason reason) { lease.get().hold(disk, reason); },
          "disk"_a, "reason"_a, WithoutGil(),
          "Records that this node uses a disk, until Mounter.drop_hold. Idempotent. Raises MountError.")
      .def("release", &LeaseObject::release, WithoutGil(),
           "Gives the mount back now and says what became of it. A second call does nothing.")
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](LeaseObject& lease, const py::args& /*raised*/) {
        const py::gil_scoped_release released;
        lease.release();
      });
}

}  // namespace

void bind_mount(py::module_& module) {
  bind_lease(module);
  py::class_<Mounter>(module, "Mounter",
                      "Mounts the right volume on one storage dir, once, and gives it back when it is not needed.")
      .def(py::init<const std::string&, Settings, NodePaths>(), "storage_dir"_a,
           py::arg_v("settings", Settings(), "Settings()"), py::arg_v("paths", NodePaths(), "NodePaths()"),
           "Raises MountError if storage_dir is no absolute path.")
      .def_property_readonly("storage_dir", &Mounter::storage_dir, "As Ganeti spells it, normalised.")
      .def_property_readonly(
          "settings", [](const Mounter& mounter) { return mounter.settings(); }, "A copy.")
      .def_property_readonly(
          "paths", [](const Mounter& mounter) { return mounter.paths(); }, "A copy.")
      .def(
          "ensure_mounted",
          [](const Mounter& mounter, const GlusterVolume& volume, Retry retry) {
            return std::make_unique<LeaseObject>(mounter.ensure_mounted(volume, retry)).release();
          },
          "volume"_a, "retry"_a = Retry::when_due, py::return_value_policy::take_ownership, WithoutGil(),
          "The volume, mounted and alive. Raises MountError or VolumeError.")
      .def("unmount", &Mounter::unmount, WithoutGil(),
           "Unmounts what this library has mounted, if no disk holds it. Raises MountError.")
      .def("release_idle", &Mounter::release_idle, WithoutGil(),
           "The same for a mount that nobody needs, without waiting for the lock.")
      .def("drop_hold", &Mounter::drop_hold, "disk"_a, WithoutGil(),
           "Returns whether there was such a hold. Idempotent, legal without any earlier call.")
      .def("move_hold", &Mounter::move_hold, "old"_a, "new"_a, WithoutGil(),
           "Moves a hold with its disk; nothing happens if there is none.")
      .def("holds", &Mounter::holds, WithoutGil(), "All holds with what supports them.")
      .def("rebuild_holds", &Mounter::rebuild_holds, WithoutGil(),
           "Writes a hold for each disk that this node uses without one; returns the disks.")
      .def(
          "status", [](const Mounter& mounter) { return mounter.status(); }, WithoutGil(),
          "Everything that is known about the storage dir, within the probe timeout; changes nothing.")
      .def("find_mounted_volume", &Mounter::find_mounted_volume, WithoutGil(),
           "The volume whose verified mount stands on the storage dir, or None; asks no mount.")
      .def("used_volumes", &Mounter::used_volumes, WithoutGil(),
           "The volumes that this node has mounted there, also before the last boot, the last one first.");
  module.def("enter_node_namespace", &enter_node_namespace, "paths"_a, WithoutGil(),
             "Puts this process into the node daemon's mount namespace; returns whether it changed.\n"
             "Raises MountError.");
}

}  // namespace ganeti::gluster::python
