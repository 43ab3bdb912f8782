// SPDX-License-Identifier: BSD-2-Clause
#include "settings/keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "settings/choices.hpp"
#include "settings/duration.hpp"
#include "settings/mount_options.hpp"
#include "volume/host.hpp"
#include "volume/volume_name.hpp"

namespace ganeti::gluster {
namespace {

using Items = std::vector<std::string>;

void set_servers(VolumeSettings& settings, const Items& items) {
  for (const auto& item : items) {
    static_cast<void>(item.rfind('/', 0) == 0 ? parse_socket(item) : parse_server(item));
  }
  settings.servers = items;
}

void set_mount_options(VolumeSettings& settings, const Items& items) {
  std::for_each(items.begin(), items.end(), check_mount_option);
  settings.mount_options = items;
}

void set_log_level(VolumeSettings& settings, const Items& items) {
  check_log_level(items.front());
  settings.log_level = items.front();
}

// A row for each of the durations, which differ by name and member only.
template <std::chrono::milliseconds VolumeSettings::*member>
constexpr SettingKey duration_key(std::string_view name, const char* example) {
  return {name, TomlKind::text, example,
          [](VolumeSettings& settings, const Items& items) { settings.*member = parse_duration(items.front()); },
          [](const VolumeSettings& settings) { return print_duration(settings.*member); }};
}

constexpr SettingKey keys[] = {
    {"servers", TomlKind::list_of_texts, R"(["node2", "node3"])", set_servers,
     [](const VolumeSettings& settings) { return fmt::format("{}", fmt::join(settings.servers, ", ")); }},
    {"subdir", TomlKind::text, R"("vms/a")",
     [](VolumeSettings& settings, const Items& items) { settings.subdir = checked_subdir(items.front()); },
     [](const VolumeSettings& settings) { return settings.subdir; }},
    {"transport", TomlKind::text, R"("tcp")",
     [](VolumeSettings& settings, const Items& items) { settings.transport = parse_transport(items.front()); },
     [](const VolumeSettings& settings) { return std::string(to_string(settings.transport)); }},
    {"mount_options", TomlKind::list_of_texts, R"(["direct-io-mode=enable"])", set_mount_options,
     [](const VolumeSettings& settings) { return fmt::format("{}", fmt::join(settings.mount_options, ", ")); }},
    {"log_level", TomlKind::text, R"("INFO")", set_log_level,
     [](const VolumeSettings& settings) { return settings.log_level; }},
    {"preallocation", TomlKind::text, R"("off")",
     [](VolumeSettings& settings, const Items& items) { settings.preallocation = parse_preallocation(items.front()); },
     [](const VolumeSettings& settings) { return to_string(settings.preallocation); }},
    {"overcommit", TomlKind::text, R"("warn")",
     [](VolumeSettings& settings, const Items& items) { settings.overcommit = parse_overcommit(items.front()); },
     [](const VolumeSettings& settings) { return to_string(settings.overcommit); }},
    {"image_store", TomlKind::text, R"("auto")",
     [](VolumeSettings& settings, const Items& items) { settings.image_store = parse_store_kind(items.front()); },
     [](const VolumeSettings& settings) { return to_string(settings.image_store); }},
    duration_key<&VolumeSettings::mount_timeout>("mount_timeout", R"("60s")"),
    duration_key<&VolumeSettings::probe_timeout>("probe_timeout", R"("10s")"),
    duration_key<&VolumeSettings::call_timeout>("call_timeout", R"("60s")"),
    duration_key<&VolumeSettings::lock_timeout>("lock_timeout", R"("90s")"),
};

}  // namespace

std::span<const SettingKey> setting_keys() { return keys; }

const SettingKey* find_key(std::string_view name) {
  const auto* key =
      std::find_if(std::begin(keys), std::end(keys), [name](const SettingKey& row) { return row.name == name; });
  return key == std::end(keys) ? nullptr : key;
}

}  // namespace ganeti::gluster
