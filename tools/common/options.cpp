// SPDX-License-Identifier: BSD-2-Clause
#include "options.hpp"

#include <filesystem>

namespace ganeti::gluster::tool {

std::string refuse_empty(const std::string& text) { return text.empty() ? "must not be empty" : ""; }

std::string refuse_relative(const std::string& path) { return path.starts_with('/') ? "" : "must be an absolute path"; }

std::string Options::storage_dir_in_force() const {
  return storage_dir.empty() ? configured_storage_dir(paths) : storage_dir;
}

void add_common_options(CLI::App& command, Options& options) {
  constexpr const char* group = "Common options";
  command.add_option("--storage-dir", options.storage_dir, "Where Ganeti wants the volume mounted (from ssconf)")
      ->type_name("DIR")
      ->check(refuse_relative)
      ->group(group);
  // Absolute at once: entering the node daemon's namespace changes the working directory.
  const auto set_file = [&options](const std::string& file) {
    options.paths.settings_file = std::filesystem::absolute(file).string();
  };
  command
      .add_option_function<std::string>("--settings", set_file, "Settings file (" + options.paths.settings_file + ")")
      ->type_name("FILE")
      ->option_text("FILE")
      ->check(CLI::ExistingFile)
      ->group(group);
  command.add_flag("--json", options.json, "Print the result as JSON")->group(group);
  command.add_flag("-d,--debug", options.debug, "Say what is done, step by step, on standard error")->group(group);
}

void add_volume_options(CLI::App& command, Options& options) {
  auto* volume = command.add_option("--volume", options.volume, "host[,host...]:/volume[/subdir]")
                     ->type_name("SOURCE")
                     ->check(refuse_empty);
  command.add_option("--port", options.port, "Port of glusterd on these hosts (24007)")
      ->type_name("N")
      ->option_text("N")
      ->check(CLI::Range(1, 65535))
      ->needs(volume);
}

std::optional<GlusterVolume> volume_argument(const Options& options) {
  if (options.volume.empty()) return std::nullopt;
  return parse_argument([&] { return GlusterVolume::parse(options.volume, options.port); });
}

}  // namespace ganeti::gluster::tool
