// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

namespace ganeti::gluster::tool {

/// A time span for people, in its two largest units: `42s`, `3m 5s`, `2d 9h`.
[[nodiscard]] std::string format_age(std::int64_t seconds);

}  // namespace ganeti::gluster::tool
