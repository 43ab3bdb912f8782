// SPDX-License-Identifier: BSD-2-Clause
#include <optional>
#include <string>
#include <utility>

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/fuse_store.hpp>

#include "bindings.hpp"
#include "disk_argument.hpp"
#include "lease_object.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

// A store and a helper look first whether their lease still is one.
struct StoreObject {
  explicit StoreObject(LeaseObject& given) : lease(given), store(given.get()) {}

  ImageStore& get() {
    lease.get();
    return store;
  }

  LeaseObject& lease;
  FuseStore store;
};

struct HelperObject {
  HelperObject(StoreObject& given, const DiskArgument& disk) : store(given), helper(given.get(), disk_of(disk)) {}

  FileDeviceHelper& get() {
    store.get();
    return helper;
  }

  StoreObject& store;
  FileDeviceHelper helper;
};

void bind_values(py::module_& module) {
  py::class_<ImageAttributes>(module, "ImageAttributes", "What stands at a disk's path.")
      .def_readonly("is_regular", &ImageAttributes::is_regular, "Whether it is a regular file.")
      .def_readonly("size_bytes", &ImageAttributes::size_bytes, "Apparent size, what a guest sees.")
      .def_readonly("allocated_bytes", &ImageAttributes::allocated_bytes, "Taken on one copy of the volume.")
      .def_readonly("mode", &ImageAttributes::mode, "Permission bits.")
      .def_readonly("inode", &ImageAttributes::inode, "The same for all names of one file.")
      .def_readonly("links", &ImageAttributes::links, "How many names it has.");
  py::class_<ImageInfo>(module, "ImageInfo", "What can be told about a complete image.")
      .def_readonly("size_bytes", &ImageInfo::size_bytes, "Apparent size, what a guest sees.")
      .def_readonly("allocated_bytes", &ImageInfo::allocated_bytes, "Taken on one copy of the volume.")
      .def_readonly("links", &ImageInfo::links, "More than one: as after a killed rename.");
  py::class_<VolumeSpace>(module, "VolumeSpace", "Sizes of a volume: of one copy.")
      .def_readonly("size_bytes", &VolumeSpace::size_bytes, "All of it.")
      .def_readonly("free_bytes", &VolumeSpace::free_bytes, "For images.")
      .def_readonly("used_bytes", &VolumeSpace::used_bytes, "By whatever lies on the bricks' file systems.");
  py::class_<SpaceOptions>(module, "SpaceOptions",
                           "How space is taken for an image. progress(done_bytes, total_bytes) is called while it is;\n"
                           "what it raises cancels, and everything taken is given back.")
      .def(py::init([](Preallocation preallocation, Overcommit overcommit, Progress progress) {
             return SpaceOptions{preallocation, overcommit, std::move(progress)};
           }),
           "preallocation"_a = Preallocation::off, "overcommit"_a = Overcommit::warn, "progress"_a = py::none())
      .def_readonly("preallocation", &SpaceOptions::preallocation, "Whether space is taken at once.")
      .def_readonly("overcommit", &SpaceOptions::overcommit, "What happens to an image larger than what is free.");
}

void bind_store(py::module_& module) {
  py::class_<StoreObject>(module, "FuseStore",
                          "Images on a mounted volume, reached through a lease; ValueError once that is released.")
      .def(py::init<LeaseObject&>(), "lease"_a, py::keep_alive<1, 2>())
      .def(
          "find", [](StoreObject& store, const DiskArgument& disk) { return store.get().find(disk_of(disk)); },
          "disk"_a, WithoutGil(), "What stands at the path itself, or None. Raises MountError or ImageError.")
      .def(
          "find_attribute",
          [](StoreObject& store, const DiskArgument& disk, const std::string& name) -> std::optional<py::bytes> {
            std::optional<std::string> value;
            {
              const py::gil_scoped_release released;
              value = store.get().find_attribute(disk_of(disk), name.c_str());
            }
            if (!value) return std::nullopt;
            return py::bytes(*value);
          },
          "disk"_a, "name"_a, "An extended attribute of an image, or None. Raises MountError or ImageError.")
      .def(
          "list",
          [](StoreObject& store) {
            std::vector<std::string> names;
            {
              const py::gil_scoped_release released;
              names = store.get().list();
            }
            return as_texts(names);
          },
          "Names in the folder of disks, in no order. Raises MountError or ImageError.")
      .def(
          "space", [](StoreObject& store) { return store.get().space(); }, WithoutGil(),
          "Asks the volume for its sizes; no file is looked at. Raises MountError or ImageError.")
      .def(
          "describe", [](StoreObject& store, const DiskArgument& disk) { return store.get().describe(disk_of(disk)); },
          "disk"_a, "The disk as messages name it.");
}

void bind_helper(py::module_& module) {
  const auto defaults = py::arg_v("options", SpaceOptions(), "SpaceOptions()");
  py::class_<HelperObject>(module, "FileDeviceHelper",
                           "Works on the one image that backs a disk; all raise ImageError or MountError.")
      .def(py::init<StoreObject&, const DiskArgument&>(), "store"_a, "disk"_a, py::keep_alive<1, 2>())
      .def_property_readonly(
          "disk", [](HelperObject& helper) { return helper.helper.disk(); }, "Its name now.")
      .def(
          "create",
          [](HelperObject& helper, std::int64_t size_mib, std::optional<ImageLabel> label,
             const SpaceOptions& options) { helper.get().create(size_mib, std::move(label), options); },
          "size_mib"_a, "label"_a = py::none(), defaults, WithoutGil(),
          "Creates the image, exclusively; durable when it returns.")
      .def(
          "exists", [](HelperObject& helper) { return helper.get().exists(); }, WithoutGil(),
          "False only if the volume answered that there is no such image.")
      .def(
          "info", [](HelperObject& helper) { return helper.get().info(); }, WithoutGil(), "Sizes and names.")
      .def(
          "size", [](HelperObject& helper) { return helper.get().size(); }, WithoutGil(), "Apparent size in bytes.")
      .def(
          "grow",
          [](HelperObject& helper, std::int64_t amount_mib, const SpaceOptions& options) {
            helper.get().grow(amount_mib, options);
          },
          "amount_mib"_a, defaults, WithoutGil(), "Makes the image larger by amount_mib; durable when it returns.")
      .def(
          "check_grow",
          [](HelperObject& helper, std::int64_t amount_mib, const SpaceOptions& options) {
            helper.get().check_grow(amount_mib, options);
          },
          "amount_mib"_a, defaults, WithoutGil(), "Checks all that grow checks and changes nothing.")
      .def(
          "move", [](HelperObject& helper, const DiskArgument& to) { helper.get().move(disk_of(to)); }, "to"_a,
          WithoutGil(), "Gives the image another name on the volume; the helper follows.")
      .def(
          "remove", [](HelperObject& helper) { return helper.get().remove(); }, WithoutGil(),
          "Removes the image; returns whether there was one.")
      .def(
          "label", [](HelperObject& helper) { return helper.get().label(); }, WithoutGil(),
          "What the image says of itself, or None.")
      .def(
          "set_label", [](HelperObject& helper, const ImageLabel& label) { helper.get().set_label(label); }, "label"_a,
          WithoutGil(), "Replaces what the image says of itself, for all clients when it returns.");
}

}  // namespace

void bind_image(py::module_& module) {
  bind_values(module);
  bind_store(module);
  bind_helper(module);
}

}  // namespace ganeti::gluster::python
