// SPDX-License-Identifier: BSD-2-Clause
#include "nice_sort.hpp"

#include <algorithm>
#include <compare>

namespace ganeti::gluster::tool {
namespace {

constexpr std::string_view digits = "0123456789";

// Takes the next part off a name: nothing but digits, or none.
std::string_view take_part(std::string_view& name) {
  const bool is_number = name.find_first_of(digits) == 0;
  const auto end = is_number ? name.find_first_not_of(digits) : name.find_first_of(digits);
  const auto part = name.substr(0, end);
  name.remove_prefix(part.size());
  return part;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() <=> b.size() : a <=> b;
}

// No part comes before a number, and a number before text.
std::strong_ordering compare_parts(std::string_view a, std::string_view b) {
  const auto rank = [](std::string_view part) { return part.empty() ? 0 : part.find_first_of(digits) == 0 ? 1 : 2; };
  if (rank(a) != rank(b)) return rank(a) <=> rank(b);
  return rank(a) == 1 ? compare_numbers(a, b) : a <=> b;
}

}  // namespace

bool is_nicely_before(std::string_view a, std::string_view b) {
  auto rest_of_a = a;
  auto rest_of_b = b;
  while (!rest_of_a.empty() || !rest_of_b.empty()) {
    const auto order = compare_parts(take_part(rest_of_a), take_part(rest_of_b));
    if (order != std::strong_ordering::equal) return order == std::strong_ordering::less;
  }
  return a < b;  // 01 and 1
}

}  // namespace ganeti::gluster::tool
