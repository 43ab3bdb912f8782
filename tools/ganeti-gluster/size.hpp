// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ganeti::gluster::tool {

/// Reads a size as Ganeti does (Ganeti: utils.ParseUnit): `20G`, `512m`, `1.5 g`, `10GiB`, `2tb`; MiB
/// without a unit, powers of 1024, any case. Rounds up to whole MiB, not to Ganeti's multiple of 4.
/// @returns MiB, at least 1 and as many as fit into 63 bits of bytes.
/// @throws std::invalid_argument whose text is the rule that @p text breaks.
[[nodiscard]] std::int64_t parse_size_mib(std::string_view text);

/// Writes a size as Ganeti does (Ganeti: utils.FormatUnit with 'h'): `512M`, `9.5G`, `1.2T`.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace ganeti::gluster::tool
