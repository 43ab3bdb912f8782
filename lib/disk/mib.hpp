// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <limits>

namespace ganeti::gluster {

// Ganeti counts in MiB, files in bytes of a signed number.
constexpr std::int64_t mib = 1LL << 20U;
constexpr std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t most_mib = most_bytes / mib;
constexpr const char* too_large = "no file can be that large";

}  // namespace ganeti::gluster
