// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

// Forms of a volume in which other programs want it. They are text alone: nothing is mounted, asked or
// looked up. Where a form holds addresses, those that somebody has resolved are used (resolve.hpp).

/// Where a volume is to be mounted by other programs, and with which further options.
struct MountPlace {
  /// Absolute, not the root, of [A-Za-z0-9_.+@=-] and '/'. systemd wants it without symbolic links.
  std::string mount_point;
  /// Beside those that belong to the volume, such as VolumeSettings::mount_options.
  std::vector<std::string> options;
};

/// A line of fstab(5) with all servers. A subdir with '=' in it can be mounted so, but findmnt(8) takes
/// it for a tag such as LABEL= and complains. @throws VolumeError, also as GlusterVolume::fuse_source.
[[nodiscard]] GANETI_GLUSTER_API std::string fstab_line(const GlusterVolume& volume, const MountPlace& place);

/// A systemd.mount(5) unit: systemd demands that its name is the mount point, escaped.
struct SystemdUnit {
  std::string name;  ///< such as run-ganeti-gluster.mount
  std::string text;
};
/// With all servers, started after the network. @throws VolumeError, also as GlusterVolume::fuse_source.
[[nodiscard]] GANETI_GLUSTER_API SystemdUnit systemd_mount_unit(const GlusterVolume& volume, const MountPlace& place);

/// What oVirt wants to know of a storage domain of type GlusterFS.
struct OvirtDomain {
  std::string spec;                    ///< `server:/volume`, the field "path"
  std::string vfs_type = "glusterfs";  ///< "VFS type"
  std::string options;                 ///< "mount options": the other servers in backup-volfile-servers
};
/// @throws VolumeError as GlusterVolume::fuse_source.
[[nodiscard]] GANETI_GLUSTER_API OvirtDomain ovirt_domain(const GlusterVolume& volume,
                                                          const std::vector<std::string>& options = {});

/// Definition of a libvirt storage pool. It has the first server alone: libvirt refuses a pool with more.
/// @throws VolumeError (unsupported_transport) for a unix socket, which a pool has no place for.
[[nodiscard]] GANETI_GLUSTER_API std::string libvirt_pool_xml(const GlusterVolume& volume);

/// `gluster://HOST:PORT/VOLUME[/SUBDIR]`, to which Ganeti's KVM code takes '/' and the path of a disk.
///
/// Ganeti 3.1 reads that with a regular expression, takes no IPv6 address, no underscore in the host and
/// no percent-encoding; QEMU 7.2 opens no IPv6 address in a URI either. So it has the IPv4 address of the
/// first server whose one is known, as Ganeti's own backend does, else the first name that can be given.
/// @throws VolumeError (unsupported_transport) for a unix socket; (resolve_failed) if no server can be given.
[[nodiscard]] GANETI_GLUSTER_API std::string ganeti_uri_base(const GlusterVolume& volume);

}  // namespace ganeti::gluster
