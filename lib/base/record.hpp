// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/key_values.hpp"

namespace ganeti::gluster {

/// A small file of `key = value` lines that carries the boot id: state of this boot.
///
/// Unreadable, malformed or from another boot is no record.
class Record : private KeyValues {
 public:
  Record() = default;

  [[nodiscard]] static std::optional<Record> read(int dir, const std::string& name);
  /// Replaces the file by rename. @throws Error
  void write(int dir, const std::string& name) const;

  [[nodiscard]] static std::optional<Record> parse(const std::string& content, const std::string& boot_id);
  [[nodiscard]] std::string format(const std::string& boot_id) const;

  using KeyValues::number;
  using KeyValues::set;
  using KeyValues::text;

 private:
  explicit Record(KeyValues values) : KeyValues(std::move(values)) {}
};

/// Identifies the running kernel's boot (/proc/sys/kernel/random/boot_id).
[[nodiscard]] const std::string& boot_id();

/// Time since boot, suspend included: comparable between processes, not moved by setting a clock.
[[nodiscard]] std::chrono::milliseconds time_since_boot() noexcept;

}  // namespace ganeti::gluster
