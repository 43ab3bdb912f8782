// SPDX-License-Identifier: BSD-2-Clause
#include "size.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace ganeti::gluster::tool {
namespace {

constexpr std::int64_t mib = 1LL << 20U;
constexpr std::int64_t most_mib = std::numeric_limits<std::int64_t>::max() / mib;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

double factor_of(std::string_view unit) {
  const auto name = lower(unit);
  if (name.empty() || name == "m" || name == "mb" || name == "mib") return 1;
  if (name == "g" || name == "gb" || name == "gib") return 1024;
  if (name == "t" || name == "tb" || name == "tib") return 1024.0 * 1024;
  throw std::invalid_argument(fmt::format("'{}' is no unit of size; the units are M, G and T", unit));
}

}  // namespace

std::int64_t parse_size_mib(std::string_view text) {
  if (text.starts_with('-')) throw std::invalid_argument("a size cannot be negative");
  const auto number = text.substr(0, std::min(text.find_first_not_of(".0123456789"), text.size()));
  auto unit = text.substr(number.size());
  unit.remove_prefix(std::min(unit.find_first_not_of(" \t"), unit.size()));

  double value = 0;
  const auto* end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  if (error == std::errc::invalid_argument || rest != end) {
    throw std::invalid_argument("it is no number with an optional unit");
  }
  value = std::ceil(value * factor_of(unit));
  // Digits that no double holds are as much too large as those that overflow what an image may have.
  if (error == std::errc::result_out_of_range || value > static_cast<double>(most_mib)) {
    throw std::invalid_argument("it is larger than any image can be");
  }
  if (value < 1) throw std::invalid_argument("a size must be at least 1 MiB");
  return static_cast<std::int64_t>(value);
}

std::string to_string(Units units) {
  switch (units) {
    case Units::mib:
      return "m";
    case Units::gib:
      return "g";
    case Units::tib:
      return "t";
    case Units::automatic:
      break;
  }
  return "h";
}

std::string format_size(std::uint64_t bytes, Units units) {
  const double in_mib = static_cast<double>(bytes) / static_cast<double>(mib);
  switch (units) {
    case Units::mib:
      return fmt::format("{:.0f}", in_mib);
    case Units::gib:
      return fmt::format("{:.1f}", in_mib / 1024);
    case Units::tib:
      return fmt::format("{:.1f}", in_mib / 1024 / 1024);
    case Units::automatic:
      break;
  }
  if (in_mib < 1024) return format_size(bytes, Units::mib) + "M";
  if (in_mib < 1024.0 * 1024) return format_size(bytes, Units::gib) + "G";
  return format_size(bytes, Units::tib) + "T";
}

}  // namespace ganeti::gluster::tool
