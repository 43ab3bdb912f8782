// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <charconv>

#include <ganeti-gluster/volume/volume.hpp>

#include "volume/port.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr VolumePart transport_part{"transport", "use tcp, or unix on a node that runs glusterd"};
constexpr const char* port_rule = "a port is a number from 1 to 65535";

// Where a port begins that follows the servers, after its ':'. An IPv6 address without brackets
// takes all that follows it, so there a port needs the brackets.
std::size_t find_port(std::string_view hosts) {
  const auto last = hosts.substr(std::min(hosts.rfind(',') + 1, hosts.size()));
  const auto colon = last.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::string_view::npos;
  if (last[colon - 1] != ']' && last.find(':') != colon) return std::string_view::npos;
  if (last.front() == '[' && last[colon - 1] != ']') return std::string_view::npos;
  return hosts.size() - last.size() + colon + 1;
}

}  // namespace

std::uint16_t checked_port(std::uint16_t port) {
  if (port == 0) refuse(port_part, "0", port_rule);
  return port;
}

std::uint16_t parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end || port == 0) refuse(port_part, text, port_rule);
  return port;
}

Transport parse_transport(std::string_view text) {
  if (text == "tcp") return Transport::tcp;
  if (text == "unix") return Transport::unix_socket;
  if (text == "rdma") {
    refuse(transport_part, text, "GlusterFS 8 and later and QEMU 9.1 and later have no rdma any more",
           Errc::unsupported_transport);
  }
  if (text == "udp") {
    refuse(transport_part, text, "GlusterFS has no udp transport", Errc::unsupported_transport);
  }
  refuse(transport_part, text, "the known transports are tcp and unix");
}

std::string_view to_string(Transport transport) noexcept { return transport == Transport::tcp ? "tcp" : "unix"; }

GlusterVolume GlusterVolume::parse(std::string_view source, std::uint16_t port) {
  // Neither a volume's name nor a subdir has a ':' in it, but addresses before it may.
  const auto colon = source.rfind(':');
  if (colon == std::string_view::npos) refuse(source_part, source, "there is no ':' between servers and volume");
  auto hosts = source.substr(0, colon);
  auto volume = source.substr(colon + 1);
  if (!volume.empty() && volume.front() == '/') volume.remove_prefix(1);

  VolumeParameters parameters;
  parameters.port = port;
  if (const auto begin = find_port(hosts); begin != std::string_view::npos) {
    parameters.port = parse_port(hosts.substr(begin));
    hosts = hosts.substr(0, begin - 1);
  }
  if (hosts.empty()) refuse(source_part, source, "there is no server before the ':'");
  parameters.servers = {std::string(hosts)};
  parameters.volume = volume;
  return GlusterVolume(parameters);
}

}  // namespace ganeti::gluster
