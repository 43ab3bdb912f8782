// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ganeti::gluster::tool {

/// A time span for people, in its two largest units: `42s`, `3m 5s`, `2d 9h`.
[[nodiscard]] std::string format_age(std::int64_t seconds);

/// A point in time, the same for people and for machines: `2026-03-01T09:30:00Z`.
[[nodiscard]] std::string format_time(std::chrono::sys_seconds time);

}  // namespace ganeti::gluster::tool
