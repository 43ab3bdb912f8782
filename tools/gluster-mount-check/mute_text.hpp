// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include <ganeti-gluster/check/finding.hpp>

namespace ganeti::gluster::tool {

/// How long a mute goes on: `for 4h 0m, unless it clears or gets worse`.
[[nodiscard]] std::string mute_text(const Mute& mute, std::int64_t now);

}  // namespace ganeti::gluster::tool
