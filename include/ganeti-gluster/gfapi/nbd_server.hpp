// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What is served to clients on this node, by nbdkit(1), which reaches the image by libgfapi.
struct NbdExport {
  GlusterVolume volume;
  DiskPath disk;
  bool read_only = false;
};

/// A unix socket with mode 0600 on which an image can be served by NBD. Clients may connect as soon as it exists; they
/// are answered once it is served. Move-only. Not thread-safe.
class GANETI_GLUSTER_API NbdServer {
 public:
  /// Listens. Takes the place of a socket that a killed server left. Missing folders are made; the last one is for its
  /// owner alone.
  /// @param socket an absolute path.
  /// @throws Error: EADDRINUSE if a server listens there, EEXIST if what is there is no socket, ENAMETOOLONG (Linux:
  /// 107 bytes), EPERM if other users may replace what is in the folder; ENOENT if nbdkit, or our plugin for it, is not
  /// installed
  explicit NbdServer(const std::string& socket);
  NbdServer(NbdServer&&) noexcept;
  NbdServer& operator=(NbdServer&&) noexcept;
  ~NbdServer();

  /// What QEMU, libvirt and libnbd take: `nbd+unix:///?socket=PATH`.
  [[nodiscard]] std::string uri() const;

  /// Becomes the server: from here on this process is nbdkit, with its standard output and error and, of its
  /// environment, what systemd(1) needs to be told when it serves (sd_notify(3)). After SIGTERM it takes no more
  /// clients and requests, and ends when the last one has gone. The workers of this thread (GfapiStore) are ended
  /// first, as their results would be nobody's.
  /// @throws Error if nbdkit cannot be run
  [[noreturn]] void run(const NbdExport& image, const VolumeSettings& settings, const NodePaths& paths = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganeti::gluster
