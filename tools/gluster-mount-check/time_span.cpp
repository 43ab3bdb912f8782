// SPDX-License-Identifier: BSD-2-Clause
#include "time_span.hpp"

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace ganeti::gluster::tool {
namespace {

constexpr std::chrono::years longest{10};

// Zero for what is no unit.
std::chrono::seconds find_unit(std::string_view name) {
  if (name == "s") return std::chrono::seconds(1);
  if (name == "m") return std::chrono::minutes(1);
  if (name == "h") return std::chrono::hours(1);
  if (name == "d") return std::chrono::days(1);
  if (name == "w") return std::chrono::weeks(1);
  return std::chrono::seconds(0);
}

}  // namespace

std::chrono::seconds parse_time_span(const std::string& text) {
  std::uint32_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  const auto unit = find_unit({stop, static_cast<std::size_t>(end - stop)});
  if (error == std::errc::invalid_argument || unit == std::chrono::seconds(0)) {
    throw std::invalid_argument(fmt::format("'{}' is no time; write it as 30s, 30m, 4h, 2d or 1w", text));
  }
  if (error != std::errc() || count == 0 || count > longest / unit) {
    throw std::invalid_argument(fmt::format("'{}' is not between 1s and ten years", text));
  }
  return count * unit;
}

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace ganeti::gluster::tool
