// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ganeti::gluster {

/// Text of `key = value` lines, for state that an admin may look at.
///
/// Values are written without control characters (those are replaced by blanks), so that no value
/// can add a line. Keys are constants of this library.
class KeyValues {
 public:
  /// What makes no sense is left out; of two lines with one key the first counts.
  [[nodiscard]] static KeyValues parse(std::string_view text);
  /// Whether parse() understood every line, and the last one was not cut off.
  [[nodiscard]] bool is_whole() const noexcept { return whole_; }

  /// One line for each key, sorted.
  [[nodiscard]] std::string format() const;

  void set(const std::string& key, const std::string& value) { values_[key] = value; }
  void set(const std::string& key, std::int64_t value) { values_[key] = std::to_string(value); }
  void erase(const std::string& key) { values_.erase(key); }
  [[nodiscard]] const std::map<std::string, std::string>& all() const noexcept { return values_; }
  /// Empty if there is none.
  [[nodiscard]] std::string text(const std::string& key) const;
  /// Zero if there is none or it is no number.
  [[nodiscard]] std::int64_t number(const std::string& key) const;

 private:
  std::map<std::string, std::string> values_;
  bool whole_ = true;
};

}  // namespace ganeti::gluster
