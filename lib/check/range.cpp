// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/range.hpp>

#include <array>
#include <charconv>
#include <cmath>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

[[noreturn]] void refuse(const std::string& text, const char* why) {
  throw Error(errno_code(EINVAL),
              {"range '" + text + "'", "cannot be read", why, "write [@]START:END, such as 20: for \"less than 20\""});
}

double read_number(std::string_view number, const std::string& text) {
  constexpr std::string_view allowed = "0123456789.-";
  double value = 0;
  const auto* end = number.data() + number.size();
  const auto [rest, error] = std::from_chars(number.data(), end, value, std::chars_format::fixed);
  // from_chars takes "inf" and "nan" for numbers.
  const bool has_letters = number.find_first_not_of(allowed) != std::string_view::npos;
  if (error != std::errc() || rest != end || has_letters) refuse(text, "it has something that is no number");
  return value;
}

// Without an exponent, which perfdata does not know.
std::string write_number(double value) {
  std::array<char, 400> buffer{};
  const auto [end, error] = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::fixed);
  return {buffer.begin(), end};
}

}  // namespace

Range Range::parse(const std::string& text) {
  Range range;
  std::string_view rest(text);
  if (rest.starts_with('@')) {
    range.is_inside = true;
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest == ":") refuse(text, "it names neither a start nor an end");
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) {
    range.end = read_number(rest, text);
  } else {
    const auto start = rest.substr(0, colon);
    const auto end = rest.substr(colon + 1);
    if (!start.empty()) range.start = start == "~" ? -infinity : read_number(start, text);
    if (!end.empty()) range.end = read_number(end, text);
  }
  if (range.start > range.end) refuse(text, "its start is above its end");
  return range;
}

bool Range::alerts(double value) const noexcept {
  const bool is_within = start <= value && value <= end;
  return is_within == is_inside;
}

std::string Range::to_string() const {
  std::string text = is_inside ? "@" : "";
  const bool has_end = end != infinity;
  if (std::isinf(start)) {
    text += "~:";
  } else if (start != 0 || !has_end) {
    text += write_number(start) + ":";
  }
  return has_end ? text + write_number(end) : text;
}

}  // namespace ganeti::gluster
