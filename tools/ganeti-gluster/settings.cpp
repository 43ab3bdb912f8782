// SPDX-License-Identifier: BSD-2-Clause
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <ganeti-gluster/mount/namespace.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

// A volume's bare name, or a source as the other commands take it.
std::string volume_name(const std::string& text) {
  return parse_argument([&] {
    if (text.find(':') != std::string::npos) return GlusterVolume::parse(text).name();
    VolumeParameters parameters;
    parameters.volume = text;
    return GlusterVolume(parameters).name();
  });
}

void print_for_people(const Options& options, const std::string& storage_dir,
                      const std::vector<SettingInForce>& in_force) {
  fmt::print("storage dir: {}\nsettings file: {}\n\n", storage_dir, options.paths.settings_file);
  std::vector<std::vector<std::string>> rows;
  for (const auto& setting : in_force) {
    rows.push_back({setting.key, setting.value.empty() ? "-" : setting.value, setting.origin});
  }
  print_table({{"SETTING"}, {"VALUE"}, {"FROM"}}, rows);
}

void print_for_machines(const Options& options, const std::optional<std::string>& volume, const Settings& settings,
                        const std::string& storage_dir, const std::vector<SettingInForce>& in_force) {
  Json json;
  json["storage_dir"] = storage_dir;
  json["settings_file"] = options.paths.settings_file;
  json["volume"] = volume ? Json(*volume) : Json();
  json["default_volume"] = settings.default_volume() ? Json(settings.default_volume()->to_string()) : Json();
  json["settings"] = Json::array();
  for (const auto& setting : in_force) {
    json["settings"].push_back({{"key", setting.key}, {"value", setting.value}, {"origin", setting.origin}});
  }
  print_json(std::move(json));
}

int show_settings(const Options& options) {
  std::optional<std::string> volume;
  if (!options.volume.empty()) volume = volume_name(options.volume);
  enter_node_namespace(options.paths);  // where the node daemon reads its files
  const auto settings = Settings::load(options.paths.settings_file);
  const auto storage_dir = options.storage_dir_in_force();
  const auto in_force = settings.in_force(volume);
  if (options.json) {
    print_for_machines(options, volume, settings, storage_dir, in_force);
  } else {
    print_for_people(options, storage_dir, in_force);
  }
  return 0;
}

}  // namespace

void add_settings(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("settings", "Show the settings in force and where each comes from");
  command->add_option("--volume", options.volume, "What is in force for this volume (without: for all)")
      ->type_name("NAME")
      ->check(refuse_empty);
  add_common_options(*command, options);
  command->footer(
      "The settings are explained in gluster.toml(5).\n"
      "Examples:\n"
      "  ganeti-gluster settings\n"
      "  ganeti-gluster settings --volume gv0");
  command->callback([&action] { action = show_settings; });
}

}  // namespace ganeti::gluster::tool
