// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ganeti-gluster/settings/settings.hpp>

#include "settings/read_toml.hpp"

namespace ganeti::gluster {

/// One key of the sections `[all]` and `[volume.NAME]`.
struct SettingKey {
  std::string_view name;
  TomlKind kind;
  const char* example;
  /// @throws Error for a bad value, which is its subject.
  void (*set)(VolumeSettings& settings, const std::vector<std::string>& items);
  std::string (*print)(const VolumeSettings& settings);
};

/// All of them, in the order of the manual.
[[nodiscard]] std::span<const SettingKey> setting_keys();

/// The key of that name, or null.
[[nodiscard]] const SettingKey* find_key(std::string_view name);

}  // namespace ganeti::gluster
