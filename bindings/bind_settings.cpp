// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <functional>
#include <string>
#include <utility>

#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>

#include "bindings.hpp"

namespace ganeti::gluster::python {
namespace {

using namespace py::literals;

struct PathRow {
  const char* name;
  std::string NodePaths::*member;
  const char* doc;
};

constexpr std::array path_rows{
    PathRow{"ganeti_data_dir", &NodePaths::ganeti_data_dir, "ssconf directory (pathutils.DATA_DIR)."},
    PathRow{"instance_disks_dir", &NodePaths::instance_disks_dir,
            "Links to the disks of started instances (pathutils.DISK_LINKS_DIR)."},
    PathRow{"noded_pid_file", &NodePaths::noded_pid_file, "Process id of the node daemon."},
    PathRow{"file_storage_paths_file", &NodePaths::file_storage_paths_file,
            "Paths allowed for file storage (pathutils.FILE_STORAGE_PATHS_FILE)."},
    PathRow{"settings_file", &NodePaths::settings_file, "See gluster.toml(5)."},
    PathRow{"state_dir", &NodePaths::state_dir, "State of this boot: locks, holds, verified mounts."},
    PathRow{"persistent_dir", &NodePaths::persistent_dir, "What outlives a boot."},
    PathRow{"verdict_dir", &NodePaths::verdict_dir, "The last verdict of each storage dir, for everybody to read."},
    PathRow{"client_log_dir", &NodePaths::client_log_dir, "Where the FUSE clients, and libgfapi, write their logs."},
    PathRow{"gfapi_worker", &NodePaths::gfapi_worker, "Program that reaches volumes by libgfapi."},
};

template <std::size_t>
using Text = const std::string&;

template <std::size_t... Row>
void bind_paths(py::module_& module, std::index_sequence<Row...> /*rows*/) {
  const NodePaths defaults;
  py::class_<NodePaths> paths(module, "NodePaths",
                              "Where Ganeti and this library keep their files on a node; the defaults are Debian's.");
  paths.def(py::init([](Text<Row>... values) {
              NodePaths made;
              ((made.*path_rows[Row].member = values), ...);
              return made;
            }),
            py::kw_only(), (py::arg(path_rows[Row].name) = defaults.*path_rows[Row].member)...);
  for (const auto& row : path_rows) paths.def_readwrite(row.name, row.member, row.doc);
}

void bind_volume_settings(py::module_& module) {
  py::class_<VolumeSettings>(module, "VolumeSettings",
                             "Everything about a volume that Ganeti's own four disk parameters do not carry.")
      .def(py::init<>(), "The defaults.")
      .def_readonly("servers", &VolumeSettings::servers, "Volfile servers to try after Ganeti's `host`.")
      .def_readonly("subdir", &VolumeSettings::subdir, "Directory inside the volume.")
      .def_readonly("transport", &VolumeSettings::transport, "How clients talk to the servers.")
      .def_readonly("mount_options", &VolumeSettings::mount_options, "Further options of mount.glusterfs(8).")
      .def_readonly("log_level", &VolumeSettings::log_level, "Log level of the FUSE client and of libgfapi.")
      .def_readonly("preallocation", &VolumeSettings::preallocation, "Whether a new image gets its space at once.")
      .def_readonly("overcommit", &VolumeSettings::overcommit, "What happens to an image larger than what is free.")
      .def_readonly("image_store", &VolumeSettings::image_store, "How images are reached where no path is needed.")
      .def_readonly("mount_timeout", &VolumeSettings::mount_timeout, "For one mount attempt, or one to connect.")
      .def_readonly("probe_timeout", &VolumeSettings::probe_timeout, "For one round trip to a mount that is up.")
      .def_readonly("call_timeout", &VolumeSettings::call_timeout, "For one call by libgfapi.")
      .def_readonly("lock_timeout", &VolumeSettings::lock_timeout, "For the storage dir's lock.")
      .def("__eq__", std::equal_to<VolumeSettings>(), py::is_operator());
  py::class_<SettingInForce>(module, "SettingInForce", "One setting in force, as text, and where it comes from.")
      .def_readonly("key", &SettingInForce::key, "As in the file.")
      .def_readonly("value", &SettingInForce::value, "As in the file.")
      .def_readonly("origin", &SettingInForce::origin, "`default`, or `FILE:LINE`.")
      .def("__eq__", std::equal_to<SettingInForce>(), py::is_operator());
}

}  // namespace

void bind_settings(py::module_& module) {
  bind_paths(module, std::make_index_sequence<path_rows.size()>());
  module.def("configured_storage_dir", &configured_storage_dir, "paths"_a, WithoutGil(),
             "The storage dir that the cluster is configured with, or Ganeti's default. Raises SettingsError.");
  module.def("cluster_name", &cluster_name, "paths"_a, WithoutGil(),
             "The cluster's name; empty on a machine without Ganeti. Raises SettingsError.");
  bind_volume_settings(module);
  py::class_<Settings>(module, "Settings", "The optional settings file, gluster.toml(5).")
      .def(py::init<>(), "No file: all defaults.")
      .def_static("load", &Settings::load, "file"_a, WithoutGil(),
                  "A missing file is the same as an empty one. Raises SettingsError.")
      .def_property_readonly("default_volume", &Settings::default_volume,
                             "The volume to use where a request names none, or None.")
      .def("for_volume", &Settings::for_volume, "name"_a, "Settings of one volume by its name.")
      .def("in_force", &Settings::in_force, "volume"_a = py::none(),
           "What is in force for one volume, or for all, in the order of the manual.")
      .def("volumes", &Settings::volumes, "Names of the volumes that have a section, sorted.");
  module.def("with_settings", &with_settings, "volume"_a, "settings"_a,
             "The volume of Ganeti's parameters with what the settings add. Raises VolumeError.");
}

}  // namespace ganeti::gluster::python
