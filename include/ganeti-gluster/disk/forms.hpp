// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

// Forms of a disk in which hypervisors want it, to reach its image without a mount. They are text alone:
// nothing is asked or looked up, and whether there is an image does not matter.

/// A disk and the volume that it lies on.
struct DiskOnVolume {
  GlusterVolume volume;
  DiskPath disk;
};

/// `gluster://host:port/volume[/subdir]/DISK` or `gluster+unix:///volume[/subdir]/DISK?socket=PATH`.
///
/// A URI has one server, which is the first. An IPv6 address is in brackets (RFC 3986); QEMU up to 9.0
/// cannot open those, qemu_options is for it.
[[nodiscard]] GANETI_GLUSTER_API std::string gluster_uri(const GlusterVolume& volume, const DiskPath& disk);

/// Reads `gluster[+tcp|+unix]://[host[:port]]/volume[/subdir]/DISK[?socket=PATH]`, percent-encoded or not.
/// Without a host it is 127.0.0.1, without a port 24007.
/// @throws VolumeError naming the part that is wrong; ImageError (invalid_disk) if that is the disk.
[[nodiscard]] GANETI_GLUSTER_API DiskOnVolume parse_gluster_uri(std::string_view uri);

/// The URI as Ganeti's KVM code reads it. @throws VolumeError as ganeti_uri_base.
[[nodiscard]] GANETI_GLUSTER_API std::string ganeti_uri(const GlusterVolume& volume, const DiskPath& disk);

/// What QEMU may be told besides.
struct QemuSettings {
  std::string node_name;          ///< name of the block node, which `-blockdev` needs; empty: none
  std::optional<unsigned> debug;  ///< how much libgfapi logs, 0 to 9; none: QEMU's default, 4
  std::string log_file;           ///< of libgfapi; empty: standard error
};

/// Options of QEMU for one disk, all servers in them. The image is raw, so that no guest can make QEMU
/// take it for another format by what it writes.
struct QemuOptions {
  std::string dotted;  ///< `driver=raw,file.driver=gluster,...` for -blockdev and --image-opts
  std::string json;    ///< the same as an object on one line, for -blockdev and after `json:`
};
[[nodiscard]] GANETI_GLUSTER_API QemuOptions qemu_options(const GlusterVolume& volume, const DiskPath& disk,
                                                          const QemuSettings& settings = {});

/// The element `<disk type='network'>` of a libvirt domain, with all servers. There is no seclabel in it:
/// libvirt relabels local files only, and its schema allows none here. @p target is the device's name in
/// the guest.
[[nodiscard]] GANETI_GLUSTER_API std::string libvirt_disk_xml(const GlusterVolume& volume, const DiskPath& disk,
                                                              const std::string& target = "vda");

}  // namespace ganeti::gluster
