// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace ganeti::gluster::test {

inline constexpr std::uint64_t mib = 1024 * 1024;

}  // namespace ganeti::gluster::test
