// SPDX-License-Identifier: BSD-2-Clause
#include "settings/duration.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/chrono.h>

#include "settings/mistake.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds shortest = 100ms;
constexpr milliseconds longest = 10min;

// Zero, which no duration may be, for what is no unit.
milliseconds find_unit(std::string_view name) {
  if (name == "ms") return 1ms;
  if (name == "s") return 1s;
  if (name == "m") return 1min;
  return 0ms;
}

}  // namespace

milliseconds parse_duration(std::string_view text) {
  constexpr const char* cure = "write it as 500ms, 5s or 2m";
  std::uint32_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc::invalid_argument) refuse_value("duration", text, "it does not begin with a number", cure);
  const auto unit = find_unit({stop, static_cast<std::size_t>(end - stop)});
  if (unit == 0ms) refuse_value("duration", text, "after the number stands the unit ms, s or m", cure);
  if (error != std::errc() || count > longest / unit || count * unit < shortest) {
    refuse_value("duration", text, "it is not between 100ms and 10m", cure);
  }
  return count * unit;
}

std::string print_duration(milliseconds duration) {
  using std::chrono::minutes, std::chrono::seconds, std::chrono::duration_cast;
  if (duration % 1min == 0ms) return fmt::format("{}", duration_cast<minutes>(duration));
  if (duration % 1s == 0ms) return fmt::format("{}", duration_cast<seconds>(duration));
  return fmt::format("{}", duration);
}

}  // namespace ganeti::gluster
