// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ganeti::gluster {

/// A small file of `key = value` lines that carries the boot id: state of this boot.
///
/// Unreadable, malformed or from another boot is no record. Values are text without control
/// characters (those are replaced by blanks).
class Record {
 public:
  [[nodiscard]] static std::optional<Record> read(int dir, const std::string& name);
  /// Replaces the file by rename. @throws Error
  void write(int dir, const std::string& name) const;

  [[nodiscard]] static std::optional<Record> parse(const std::string& content, const std::string& boot_id);
  [[nodiscard]] std::string format(const std::string& boot_id) const;

  void set(const std::string& key, const std::string& value) { values_[key] = value; }
  void set(const std::string& key, std::int64_t value) { values_[key] = std::to_string(value); }
  /// Empty if there is none.
  [[nodiscard]] std::string text(const std::string& key) const;
  /// Zero if there is none or it is no number.
  [[nodiscard]] std::int64_t number(const std::string& key) const;

 private:
  std::map<std::string, std::string> values_;
};

/// Identifies the running kernel's boot (/proc/sys/kernel/random/boot_id).
[[nodiscard]] const std::string& boot_id();

/// Time since boot, suspend included: comparable between processes, not moved by setting a clock.
[[nodiscard]] std::chrono::milliseconds time_since_boot() noexcept;

}  // namespace ganeti::gluster
