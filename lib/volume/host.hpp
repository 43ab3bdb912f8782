// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// @p text as inet_ntop(3) writes it, if it is an IPv4 or IPv6 address without brackets or scope.
[[nodiscard]] std::optional<std::string> find_address(std::string_view text);

/// Whether an address (not a name) is an IPv6 one.
[[nodiscard]] bool is_ipv6(std::string_view address) noexcept;

/// A server from a name or address, brackets around IPv6 allowed; an address knows itself.
/// @throws VolumeError
[[nodiscard]] Server parse_server(std::string_view text);

/// A server that is glusterd's unix socket. @throws VolumeError
[[nodiscard]] Server parse_socket(std::string_view path);

/// Adds those of @p lists (each may be comma separated) that @p servers has not, by text.
/// @throws VolumeError
void add_servers(std::vector<Server>& servers, const std::vector<std::string>& lists);

/// A host as it is written where a ':' follows: IPv6 addresses in brackets.
[[nodiscard]] std::string bracketed(const std::string& host);

}  // namespace ganeti::gluster
