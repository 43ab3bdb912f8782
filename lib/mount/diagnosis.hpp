// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

#include "mount/reach.hpp"

namespace ganeti::gluster {

/// What is known about a mount that failed.
struct MountEvidence {
  GlusterVolume volume;             ///< servers resolved as far as that worked
  std::string helper_text;          ///< what the mount helper printed
  std::vector<std::string> causes;  ///< from the client's log, newest first
  std::string log_file;
  bool timed_out = false;
  bool helper_succeeded = false;  ///< by its own word
};

struct Diagnosis {
  std::string why;
  std::string cure;
};

/// Puts evidence and what the servers were found to do into words.
[[nodiscard]] Diagnosis diagnose(const MountEvidence& evidence, const std::vector<ServerReach>& servers);

}  // namespace ganeti::gluster
