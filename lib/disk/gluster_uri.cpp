// SPDX-License-Identifier: BSD-2-Clause
// The URI of QEMU's gluster driver: gluster[+transport]://[host[:port]]/volume/path[?socket=...].
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include <ganeti-gluster/disk/forms.hpp>
#include <ganeti-gluster/volume/forms.hpp>

#include "base/percent.hpp"
#include "volume/characters.hpp"
#include "volume/host.hpp"
#include "volume/port.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::string_view socket_key = "socket=";

std::string decoded(const VolumePart& part, std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto percent = std::min(text.find('%'), text.size());
    result += text.substr(0, percent);
    text.remove_prefix(percent);
    if (text.empty()) break;
    const auto digits = text.substr(1, 2);
    if (digits.size() != 2 || !consists_of(digits, hex_digits)) {
      refuse(part, text, "after '%' there are two hexadecimal digits");
    }
    unsigned char byte = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    result += static_cast<char>(byte);
    text.remove_prefix(3);
  }
  return result;
}

// What stands before @p mark, taken off @p text together with it; nullopt if there is no such mark.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view mark) {
  const auto found = text.find(mark);
  if (found == std::string_view::npos) return std::nullopt;
  const auto before = text.substr(0, found);
  text.remove_prefix(found + mark.size());
  return before;
}

std::string_view without_slashes(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));
  return text;
}

Transport read_scheme(std::string_view scheme) {
  if (scheme == "gluster") return Transport::tcp;
  constexpr std::string_view prefix = "gluster+";
  if (!scheme.starts_with(prefix)) refuse(uri_part, scheme, "its scheme is gluster, gluster+tcp or gluster+unix");
  return parse_transport(scheme.substr(prefix.size()));
}

// host[:port], or nothing.
void read_server(std::string_view text, VolumeParameters& parameters) {
  if (text.empty()) return;
  const auto bracket = text.front() == '[' ? text.find(']') : std::string_view::npos;
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) parameters.port = parse_port(text.substr(colon + 1));
  // Read here, since the parameters may have a list with commas, and a URI has not.
  parameters.servers = {parse_server(decoded(server_part, text.substr(0, colon))).host};
}

void read_socket(std::string_view authority, const std::optional<std::string_view>& query,
                 VolumeParameters& parameters) {
  if (!authority.empty()) refuse(server_part, authority, "with a unix socket there is no server in the URI");
  if (!query || !query->starts_with(socket_key)) {
    refuse(socket_part, query.value_or(""), "the URI of a unix socket ends in ?socket=PATH and nothing else");
  }
  parameters.servers = {decoded(socket_part, query->substr(socket_key.size()))};
}

}  // namespace

std::string gluster_uri(const GlusterVolume& volume, const DiskPath& disk) {
  const auto path = percent_encoded(volume.name_with_subdir() + "/" + disk.text());
  const auto& host = volume.servers().front().host;
  if (volume.transport() == Transport::unix_socket) {
    return fmt::format("gluster+unix:///{}?{}{}", path, socket_key, percent_encoded(host));
  }
  return fmt::format("gluster://{}:{}/{}", bracketed(host), volume.port(), path);
}

std::string ganeti_uri(const GlusterVolume& volume, const DiskPath& disk) {
  return ganeti_uri_base(volume) + "/" + disk.text();
}

DiskOnVolume parse_gluster_uri(std::string_view uri) {
  auto rest = uri;
  const auto scheme = take_until(rest, "://");
  if (!scheme) refuse(uri_part, uri, "it has no scheme");
  VolumeParameters parameters;
  parameters.transport = read_scheme(*scheme);
  if (rest.find('#') != std::string_view::npos) refuse(uri_part, uri, "it has no fragment, after '#'");

  std::optional<std::string_view> query;
  if (auto before = rest; const auto path = take_until(before, "?")) {
    query = before;
    rest = *path;
  }
  const auto authority = take_until(rest, "/");
  if (!authority) refuse(uri_part, uri, "it names no volume");
  if (parameters.transport == Transport::unix_socket) {
    read_socket(*authority, query, parameters);
  } else {
    if (query) refuse(uri_part, uri, "only gluster+unix has something after '?'");
    read_server(*authority, parameters);
  }

  // Decoded as a whole and then taken apart, superfluous slashes dropped: as QEMU does it.
  const auto path = decoded(uri_part, rest);
  auto below = without_slashes(path);
  const auto name = take_until(below, "/");
  if (!name) refuse(uri_part, uri, "it names no disk");
  parameters.volume = *name;
  below = without_slashes(below);
  const auto file = below.rfind('/');
  const auto folder = file == std::string_view::npos || file == 0 ? file : below.rfind('/', file - 1);
  if (folder != std::string_view::npos) parameters.subdir = below.substr(0, folder);
  const auto disk = folder == std::string_view::npos ? below : below.substr(folder + 1);
  return {GlusterVolume(parameters), DiskPath(disk)};
}

}  // namespace ganeti::gluster
