// SPDX-License-Identifier: BSD-2-Clause
#include <pybind11/stl.h>

#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/mount/status.hpp>

#include "bindings.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

void bind_holds(py::module_& module) {
  module.attr("ADMIN_HOLD") = admin_hold;

  py::class_<Hold> hold(module, "Hold", "A record, outside any process, that this node may be using a disk's path.");
  def_text(hold, "disk", &Hold::disk, "Path part of the logical id, or ADMIN_HOLD.");
  def_text(hold, "volume", &Hold::volume, "GlusterVolume.to_string of the mount that it holds.");
  hold.def_readonly("reason", &Hold::reason, "Why it was written.");
  def_text(hold, "command", &Hold::command, "Of the process that wrote it.");
  hold.def_readonly("age_seconds", &Hold::age_seconds, "Since it was written.");

  py::class_<DiskUse> use(module, "DiskUse", "What on this node shows that a disk's path is in use.");
  def_text(use, "disk", &DiskUse::disk, "Path below the storage dir.");
  def_texts(use, "links", &DiskUse::links, "Names in Ganeti's instance-disks folder.");
  use.def_readonly("processes", &DiskUse::processes, "With the file open, or with its path in their command line.");
  use.def("in_use", &DiskUse::in_use, "Whether there is any of these.");

  py::class_<HoldStatus>(module, "HoldStatus", "A hold, and what supports it.")
      .def_readonly("hold", &HoldStatus::hold, "The record.")
      .def_readonly("use", &HoldStatus::use, "What uses the disk.")
      .def("is_stale", &HoldStatus::is_stale,
           "Nothing on this node uses the disk any more; the hold of an admin never is.");
}

void bind_parts(py::module_& module) {
  py::class_<RowStatus> row(module, "RowStatus", "The row of the mount table on top of the storage dir.");
  row.def_readonly("mount_id", &RowStatus::mount_id, "As in mountinfo.");
  def_text(row, "type", &RowStatus::type, "Type of the file system.");
  def_text(row, "source", &RowStatus::source, "What is mounted.");
  row.def_readonly("depth", &RowStatus::depth, "Mounts stacked on the storage dir, this one included.");

  py::class_<ProcessStatus> process(module, "ProcessStatus", "A process.");
  process.def_readonly("pid", &ProcessStatus::pid, "Its id.");
  process.def_readonly("state", &ProcessStatus::state, "Letter of proc(5).");
  process.def_readonly("age_seconds", &ProcessStatus::age_seconds, "Since what it is named for.");
  def_text(process, "command", &ProcessStatus::command, "Its command line.");

  py::class_<FailureStatus> failure(module, "FailureStatus", "The last mount attempt that failed.");
  def_text(failure, "volume", &FailureStatus::volume, "What was to be mounted.");
  def_text(failure, "code", &FailureStatus::code, "As Error.code.");
  def_text(failure, "message", &FailureStatus::message, "The error's line.");
  failure.def_readonly("age_seconds", &FailureStatus::age_seconds, "Since it failed.");
}

}  // namespace

void bind_status(py::module_& module) {
  bind_holds(module);
  bind_parts(module);
  py::class_<MountStatus> status(module, "MountStatus", "Everything that is known about a storage dir.");
  def_text(status, "storage_dir", &MountStatus::storage_dir, "As Ganeti spells it.");
  def_text(status, "real_path", &MountStatus::real_path, "As the mount table spells it; may be empty.");
  status.def_readonly("state", &MountStatus::state, "What is mounted, and how it is.");
  def_text(status, "detail", &MountStatus::detail, "Why, if it is not well.");
  status.def_readonly("row", &MountStatus::row, "Of the mount table, or None.");
  def_text(status, "volume", &MountStatus::volume, "Of the verified mount; empty if not verified.");
  def_text(status, "volume_id", &MountStatus::volume_id, "UUID, if Gluster told it.");
  status.def_readonly("client", &MountStatus::client, "The FUSE client, or None.");
  status.def_readonly("holds", &MountStatus::holds, "All holds.");
  status.def_readonly("lock_holder", &MountStatus::lock_holder, "Age: since it took the lock.");
  status.def_readonly("abandoned_child", &MountStatus::abandoned_child, "A probe that waits for the mount.");
  status.def_readonly("last_failure", &MountStatus::last_failure, "Of mounting, or None.");
  def_texts(status, "stray_files", &MountStatus::stray_files, "In the bare directory, while nothing is mounted on it.");
}

}  // namespace ganeti::gluster::python
