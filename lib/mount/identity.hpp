// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What a mounted volume says of itself in its .meta folder.
struct Identity {
  std::string name;                          ///< volfile key without leading '/'
  std::string subdir;                        ///< directory in the volume that is the mount's root
  std::string volume_id;                     ///< UUID; empty if this Gluster does not tell
  std::vector<std::string> volfile_servers;  ///< as the client was told them
  std::vector<std::string> brick_hosts;      ///< hosts of the bricks, without duplicates
};

/// @param volfile content of `.meta/graphs/active/volfile`; @param cmdline of `.meta/cmdline`.
[[nodiscard]] Identity parse_identity(const std::string& volfile, const std::string& cmdline);

enum class Match { ours, other_volume, other_servers };

/// Whether a mount is the wanted volume: same name and subdir, and at least one server in common
/// by text or by the addresses that @p wanted and @p found have resolved. A loopback server means
/// this machine, which a brick host may name by any of its own addresses (@p local_addresses).
[[nodiscard]] Match match(const Identity& identity, const GlusterVolume& wanted, const std::vector<Server>& found,
                          const std::vector<std::string>& local_addresses);

/// All numeric addresses of this machine's interfaces.
[[nodiscard]] std::vector<std::string> local_addresses();

}  // namespace ganeti::gluster
