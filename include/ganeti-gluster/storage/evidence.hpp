// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/mount/status.hpp>

namespace ganeti::gluster {

// What support needs to see of a node besides its status, as it is. None of it asks a mount.

/// Versions of what works together on a node. A program that cannot be asked says why instead.
struct SoftwareVersions {
  std::string library;
  std::string libmount;
  std::string glusterfs;  ///< the client
  std::string kernel;
};
[[nodiscard]] GANETI_GLUSTER_API SoftwareVersions software_versions();

/// Lines of mountinfo (proc(5)) of what is mounted on the storage dir and below it.
[[nodiscard]] GANETI_GLUSTER_API std::vector<std::string> mount_lines(const Mounter& mounter);

/// The glusterfs processes and mount helpers that have the storage dir in their command line, and the workers for
/// libgfapi.
[[nodiscard]] GANETI_GLUSTER_API std::vector<ProcessStatus> gluster_processes(const Mounter& mounter);

/// The end of a log.
struct LogTail {
  std::string path;
  std::vector<std::string> lines;  ///< the last one last; none if there is no such log
};

/// The ends of the logs of the FUSE client and of libgfapi.
/// @param most_lines of each; never more than 128 KiB.
[[nodiscard]] GANETI_GLUSTER_API std::vector<LogTail> log_tails(const Mounter& mounter, std::size_t most_lines);

}  // namespace ganeti::gluster
