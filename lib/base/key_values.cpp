// SPDX-License-Identifier: BSD-2-Clause
#include "base/key_values.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/controls.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::string_view separator = " = ";

}  // namespace

KeyValues KeyValues::parse(std::string_view text) {
  KeyValues result;
  result.whole_ = text.empty() || text.back() == '\n';
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    const auto equals = line.find(separator);
    if (equals == std::string_view::npos) {
      result.whole_ = false;
    } else {
      result.values_.emplace(line.substr(0, equals), line.substr(equals + separator.size()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string KeyValues::format() const {
  std::string text;
  for (const auto& [key, value] : values_) text += fmt::format("{}{}{}\n", key, separator, without_controls(value));
  return text;
}

std::string KeyValues::text(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second;
}

std::int64_t KeyValues::number(const std::string& key) const {
  const auto value = text(key);
  const auto* end = value.data() + value.size();
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  return error == std::errc() && stop == end ? number : 0;
}

}  // namespace ganeti::gluster
