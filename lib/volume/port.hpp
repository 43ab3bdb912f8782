// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace ganeti::gluster {

/// Where glusterd listens unless told otherwise; never written down.
inline constexpr std::uint16_t default_port = 24007;

/// @throws VolumeError for 0, which stands for a choice of the kernel and not for a port.
std::uint16_t checked_port(std::uint16_t port);

/// Reads 1 to 65535 in decimal. @throws VolumeError
[[nodiscard]] std::uint16_t parse_port(std::string_view text);

}  // namespace ganeti::gluster
