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

/// What sizes are written in; all but `automatic` are bare numbers.
enum class Units { automatic, mib, gib, tib };
/// The letter that Ganeti has for it: h, m, g or t.
[[nodiscard]] std::string to_string(Units units);

/// Writes a size as Ganeti does (Ganeti: utils.FormatUnit): `512M`, `9.5G`, `1.2T`; 512, 9.5 and 1.2
/// if the unit is given.
[[nodiscard]] std::string format_size(std::uint64_t bytes, Units units = Units::automatic);

}  // namespace ganeti::gluster::tool
