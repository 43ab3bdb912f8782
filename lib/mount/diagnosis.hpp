// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
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

/// What is wrong with one address of a server; nothing if it answers. @param port of the volume.
[[nodiscard]] std::optional<Diagnosis> diagnose(const ServerReach& reach, std::uint16_t port);

/// Puts evidence and what the servers were found to do into words.
[[nodiscard]] Diagnosis diagnose(const MountEvidence& evidence, const std::vector<ServerReach>& servers);

}  // namespace ganeti::gluster
