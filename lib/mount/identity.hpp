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

/// What a mount that says of itself who it is was found to be.
struct Identified {
  Match match = Match::other_volume;
  std::vector<Server> asked;         ///< servers of the wanted volume, resolved if only addresses could tell
  std::vector<std::string> hosts{};  ///< that the mount named, without duplicates

  /// `the volume gv0 of node1, node2`, for messages.
  [[nodiscard]] std::string describe(const Identity& identity) const;
};

/// Compares names, and addresses where names do not tell: then it resolves, for some seconds at most.
[[nodiscard]] Identified identify(const Identity& identity, const GlusterVolume& wanted);

/// Servers as values with addresses, out of names that a mounted volume or a record gave. For some seconds at most.
[[nodiscard]] std::vector<Server> resolve_hosts(const std::vector<std::string>& hosts, const GlusterVolume& volume);

/// All numeric addresses of this machine's interfaces.
[[nodiscard]] std::vector<std::string> local_addresses();

}  // namespace ganeti::gluster
