// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster::tool {

/// What every command may be told.
struct Options {
  NodePaths paths;
  std::string storage_dir;  ///< empty: what the cluster is configured with
  std::string volume;       ///< empty: not given
  std::uint16_t port = 24007;
  bool json = false;
  bool debug = false;

  [[nodiscard]] std::string storage_dir_in_force() const;
};

/// A mistake in an argument that only the library finds: exit status 2, as for all other ones.
class ArgumentError : public Error {
 public:
  explicit ArgumentError(const Error& error) : Error(error) {}
};

/// Runs @p parse, which makes a value of an argument.
template <typename Parse>
auto parse_argument(Parse parse) {
  try {
    return parse();
  } catch (const Error& error) {
    throw ArgumentError(error);
  }
}

/// Check of an option's value: an unset variable in a script must not silently mean the default.
[[nodiscard]] std::string refuse_empty(const std::string& text);
/// Check of a path that counts wherever the command is run.
[[nodiscard]] std::string refuse_relative(const std::string& path);

/// Adds an option whose value is one of @p choices, written as to_string has them.
template <typename Choice>
void add_choice(CLI::App& command, const std::string& name, std::optional<Choice>& value,
                const std::vector<Choice>& choices, const std::string& help) {
  std::vector<std::string> names;
  for (const auto choice : choices) names.push_back(to_string(choice));
  const auto set = [&value, choices, names](const std::string& text) {
    value = choices[static_cast<std::size_t>(std::find(names.begin(), names.end(), text) - names.begin())];
  };
  const auto check = [names](const std::string& text) {
    const bool is_known = std::find(names.begin(), names.end(), text) != names.end();
    return is_known ? "" : fmt::format("'{}' is none of {}", text, fmt::join(names, ", "));
  };
  command.add_option_function<std::string>(name, set, help)
      ->type_name(fmt::format("{}", fmt::join(names, "|")))
      ->check(check);
}

void add_common_options(CLI::App& command, Options& options);
void add_volume_options(CLI::App& command, Options& options);

/// The volume of `--volume` and `--port`, if given. @throws ArgumentError if it is no volume.
[[nodiscard]] std::optional<GlusterVolume> volume_argument(const Options& options);

}  // namespace ganeti::gluster::tool
