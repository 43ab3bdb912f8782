// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <pybind11/stl.h>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/image_label.hpp>
#include <ganeti-gluster/disk/path_policy.hpp>

#include "bindings.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

using Time = std::optional<std::chrono::sys_seconds>;

// Seconds since the epoch, as time.time() counts: what datetime makes of them is the caller's zone.
std::optional<std::int64_t> as_seconds(const Time& time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

Time as_time(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

ImageLabel make_label(std::string cluster, std::string instance, std::string disk, std::string disk_uuid,
                      std::string info, std::uint64_t size_mib, const std::optional<std::int64_t>& created) {
  return {std::move(cluster), std::move(instance), std::move(disk), std::move(disk_uuid), std::move(info),
          size_mib,           as_time(created)};
}

void bind_disk_path(py::module_& module) {
  py::class_<DiskPath>(module, "DiskPath",
                       "The path part of a disk's logical id, parsed and checked: `ganeti/<instance-uuid>.<index>`.")
      .def(py::init<std::string_view>(), "text"_a, "Raises ImageError unless text is exactly of that form.")
      .def_property_readonly("text", &DiskPath::text, "The whole path, relative to the volume's root.")
      .def_property_readonly("file_name", &DiskPath::file_name, "The file's name in the folder of all disks.")
      .def_static("folder", &DiskPath::folder, "The one folder of all disks.")
      .def("__str__", &DiskPath::text)
      .def("__repr__", [](const DiskPath& disk) { return "<DiskPath " + disk.text() + ">"; })
      .def("__eq__", std::equal_to<DiskPath>(), py::is_operator())
      .def("__hash__", [](const DiskPath& disk) { return std::hash<std::string>()(disk.text()); });
}

void bind_policy(py::module_& module) {
  py::class_<PathPolicy>(module, "PathPolicy", "Where Ganeti may keep disks in files: by its rules, with its messages.")
      .def(py::init<std::string>(), "allowed_paths_file"_a, "The file is read anew by each check.")
      .def(
          "check", [](const PathPolicy& policy, const std::string& path) { policy.check(path); }, "path"_a,
          WithoutGil(), "Returns if path is strictly below an allowed one. Raises PathPolicyError.")
      .def("check_folder", &PathPolicy::check_folder, "path"_a, WithoutGil(),
           "Returns if path is an allowed one itself or below one. Raises PathPolicyError.")
      .def_static("is_forbidden", &PathPolicy::is_forbidden, "path"_a,
                  "Whether path is relative, or equal to or below a prefix that file storage must not use.");
}

// Reading one attribute never fails, whatever somebody wrote to the volume.
void def_label_text(py::class_<ImageLabel>& label, const char* name, std::string ImageLabel::*member, const char* doc) {
  label.def_property(
      name, [member](const ImageLabel& read) { return as_text(read.*member); },
      [member](ImageLabel& written, std::string text) { written.*member = std::move(text); }, doc);
}

void bind_label(py::module_& module) {
  py::class_<ImageLabel> label(module, "ImageLabel", "What an image says of itself; it informs and never decides.");
  label.attr("ATTRIBUTE") = ImageLabel::attribute;
  label.attr("MOST_TEXT_BYTES") = ImageLabel::most_text_bytes;
  label
      .def(py::init(&make_label), py::kw_only(), "cluster"_a = "", "instance"_a = "", "disk"_a = "", "disk_uuid"_a = "",
           "info"_a = "", "size_mib"_a = 0, "created"_a = py::none())
      .def_readwrite("size_mib", &ImageLabel::size_mib, "When it was created or grown last; zero: not known.")
      .def_property(
          "created", [](const ImageLabel& read) { return as_seconds(read.created); },
          [](ImageLabel& written, const std::optional<std::int64_t>& seconds) { written.created = as_time(seconds); },
          "Seconds since the epoch, or None.")
      .def("set_info", &ImageLabel::set_info, "text"_a,
           "Takes in a text of Ganeti's SetInfo, and the instance's name if the text tells it.")
      .def(
          "format", [](const ImageLabel& written) { return as_text(written.format()); }, "As it is stored.")
      .def_static("parse", &ImageLabel::parse, "text"_a, "What can be read of it; never raises for its form.")
      .def("__eq__", std::equal_to<ImageLabel>(), py::is_operator());
  def_label_text(label, "cluster", &ImageLabel::cluster, "Name of the Ganeti cluster.");
  def_label_text(label, "instance", &ImageLabel::instance, "Name of the instance, as SetInfo told it last.");
  def_label_text(label, "disk", &ImageLabel::disk, "DiskPath.text when it was created or renamed.");
  def_label_text(label, "disk_uuid", &ImageLabel::disk_uuid, "Ganeti's uuid of the disk.");
  def_label_text(label, "info", &ImageLabel::info, "Text of Ganeti's SetInfo.");
}

}  // namespace

void bind_disk(py::module_& module) {
  bind_disk_path(module);
  bind_policy(module);
  bind_label(module);
}

}  // namespace ganeti::gluster::python
