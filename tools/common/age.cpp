// SPDX-License-Identifier: BSD-2-Clause
#include "age.hpp"

#include <algorithm>

#include <fmt/chrono.h>

namespace ganeti::gluster::tool {

std::string format_age(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  seconds = std::max<std::int64_t>(seconds, 0);
  if (seconds < minute) return fmt::format("{}s", seconds);
  if (seconds < hour) return fmt::format("{}m {}s", seconds / minute, seconds % minute);
  if (seconds < day) return fmt::format("{}h {}m", seconds / hour, seconds % hour / minute);
  return fmt::format("{}d {}h", seconds / day, seconds % day / hour);
}

std::string format_time(std::chrono::sys_seconds time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time.time_since_epoch().count()));
}

}  // namespace ganeti::gluster::tool
