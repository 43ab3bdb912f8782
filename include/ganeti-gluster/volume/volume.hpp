// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// How clients talk to the volume's servers. rdma and udp are no values: Transport parsing knows
/// and refuses them (GlusterFS 10 has neither, QEMU dropped gluster+rdma in 9.1).
enum class Transport { tcp, unix_socket };

/// @throws VolumeError (unsupported_transport for rdma and udp, invalid_volume for unknown words).
[[nodiscard]] GANETI_GLUSTER_API Transport parse_transport(std::string_view text);
[[nodiscard]] GANETI_GLUSTER_API std::string_view to_string(Transport transport) noexcept;

/// What Ganeti's disk parameters and the settings say about a volume, not yet checked.
struct VolumeParameters {
  /// Names, IPv4 or IPv6 addresses (brackets allowed), best first; an element may be a comma
  /// separated list. Empty elements are dropped; if nothing is left, 127.0.0.1 (Ganeti's default).
  /// With Transport::unix_socket: one absolute path of glusterd's socket.
  std::vector<std::string> servers;
  std::uint16_t port = 24007;
  /// Volume name, optionally followed by `/subdir`.
  std::string volume = "gv0";
  /// Directory inside the volume that is the root of the mount; empty: the volume's root.
  std::string subdir;
  Transport transport = Transport::tcp;
};

/// A server and its addresses, as far as somebody has resolved it (see resolve.hpp).
struct Server {
  std::string host;                    ///< name or address without brackets, lower case; or a socket path
  std::vector<std::string> addresses;  ///< numeric, all families, sorted; empty: not resolved; an address knows itself

  friend bool operator==(const Server&, const Server&) = default;
};

/// A GlusterFS volume as Ganeti addresses it: a value that never touches the network.
///
/// Checked against Gluster's own rules, so that no part of it can become an option, a second path
/// or a shell word: volume names are 1 to 255 of [A-Za-z0-9_-], not beginning with '-', none of the
/// reserved words of `gluster volume create`; hosts are RFC 1123 names (underscores allowed),
/// IPv4 or IPv6 addresses without a scope; a subdir is relative, at most 1023 of [A-Za-z0-9_.+@=-]
/// and '/', no part of it ".", ".." or beginning with '-' (mount.glusterfs(8) is a shell script that
/// quotes nothing and splits at ':'); superfluous slashes are dropped. The volume name `snaps` has no
/// subdir: mount.glusterfs(8) reads that as a snapshot. Not thread-safe, copyable.
class GANETI_GLUSTER_API GlusterVolume {
 public:
  /// @throws VolumeError naming the part that is wrong and the rule it breaks.
  explicit GlusterVolume(const VolumeParameters& parameters);

  /// Reads `host[,host...]:[/]volume[/subdir]`, the form of mount sources, IPv6 with or without
  /// brackets. The port is @p port unless one follows the servers, as to_string() writes it; after
  /// an IPv6 address that takes brackets. Always tcp. @throws VolumeError
  [[nodiscard]] static GlusterVolume parse(std::string_view source, std::uint16_t port = 24007);

  [[nodiscard]] const std::vector<Server>& servers() const noexcept { return servers_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& subdir() const noexcept { return subdir_; }
  [[nodiscard]] Transport transport() const noexcept { return transport_; }

  /// A copy with @p hosts after the servers it has; those already there by text are left out.
  /// @throws VolumeError if one is no valid host.
  [[nodiscard]] GlusterVolume with_more_servers(const std::vector<std::string>& hosts) const;
  /// A copy with other servers (same order, addresses known); used by the resolver.
  /// @throws VolumeError if there is none, or one is no valid host or has an invalid address.
  [[nodiscard]] GlusterVolume with_servers(std::vector<Server> servers) const;

  /// Source of a FUSE mount, as mount.glusterfs(8) takes it: `host[,host...]:/volume[/subdir]`, IPv6
  /// without brackets. A name that the helper would drop or look up in vain (more than 63 characters,
  /// or with IPv6 addresses alone) is given as one of its resolved addresses; a server whose addresses
  /// are all those of earlier ones is left out.
  /// @throws VolumeError (unsupported_transport): mount.glusterfs cannot use a unix socket;
  /// (resolve_failed): no server can be given.
  [[nodiscard]] std::string fuse_source() const;
  /// Options that belong to it: server-port, unless it is 24007.
  [[nodiscard]] std::vector<std::string> fuse_options() const;

  /// `host[,host...][:port]:/volume[/subdir]` for messages and records; port only if not 24007.
  /// IPv6 addresses are in brackets.
  [[nodiscard]] std::string to_string() const;

  /// Volume and subdir without servers: `gv0` or `gv0/sub/dir`.
  [[nodiscard]] std::string name_with_subdir() const;

  /// Same text; resolved addresses do not count.
  [[nodiscard]] friend bool operator==(const GlusterVolume& a, const GlusterVolume& b) {
    return a.to_string() == b.to_string() && a.transport_ == b.transport_;
  }
  /// Same text, or same name, subdir, port and transport and at least one host or resolved address
  /// in common. Never resolves.
  [[nodiscard]] bool same_volume(const GlusterVolume& other) const;

 private:
  std::vector<Server> servers_;
  std::uint16_t port_;
  std::string name_;
  std::string subdir_;
  Transport transport_;
};

}  // namespace ganeti::gluster
