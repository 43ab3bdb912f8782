// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// The worker program of this installation.
[[nodiscard]] GANETI_GLUSTER_API std::string installed_gfapi_worker();

/// Where Ganeti and this library keep their files on a node; the defaults are Debian's.
struct NodePaths {
  /// ssconf directory (Ganeti: pathutils.DATA_DIR).
  std::string ganeti_data_dir = "/var/lib/ganeti";
  /// Links to the disks of started instances (Ganeti: pathutils.DISK_LINKS_DIR).
  std::string instance_disks_dir = "/var/run/ganeti/instance-disks";
  /// Process id of the node daemon (Ganeti: utils.DaemonPidFileName(constants.NODED)).
  std::string noded_pid_file = "/var/run/ganeti/ganeti-noded.pid";
  /// Paths allowed for file storage (Ganeti: pathutils.FILE_STORAGE_PATHS_FILE).
  std::string file_storage_paths_file = "/etc/ganeti/file-storage-paths";
  std::string settings_file = "/etc/ganeti/gluster.toml";
  /// State of this boot: locks, holds, verified mounts. Root only.
  std::string state_dir = "/run/ganeti-gluster";
  /// What outlives a boot: servers that volumes named, parameters last used, findings and mutes. Root only.
  std::string persistent_dir = "/var/lib/ganeti-gluster";
  /// The last verdict of each storage dir in this boot, for everybody to read.
  std::string verdict_dir = "/run/ganeti-gluster-check";
  /// Where the FUSE clients, and libgfapi, write their logs.
  std::string client_log_dir = "/var/log/glusterfs";
  /// Program that reaches volumes by libgfapi, as it was installed.
  std::string gfapi_worker = installed_gfapi_worker();
};

/// The storage dir that the cluster is configured with: ssconf's `gluster_storage_dir`, or
/// Ganeti's default `/var/run/ganeti/gluster` where there is no such file or it is empty.
/// @throws SettingsError if the file cannot be read or holds no absolute path.
[[nodiscard]] GANETI_GLUSTER_API std::string configured_storage_dir(const NodePaths& paths);

/// The cluster's name: ssconf's `cluster_name`; empty if there is no such file, as on a machine
/// without Ganeti. @throws SettingsError if it cannot be read.
[[nodiscard]] GANETI_GLUSTER_API std::string cluster_name(const NodePaths& paths);

}  // namespace ganeti::gluster
