// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <ganeti-gluster/check/check.hpp>

#include "color.hpp"

namespace ganeti::gluster::tool {

enum class Format { plugin, text, json, prometheus };
[[nodiscard]] std::string to_string(Format format);

/// What the command line may say.
struct CheckArguments {
  CheckOptions check;
  std::vector<std::string> servers;  ///< empty: not given
  std::uint16_t port = 24007;
  std::string volume;  ///< name, or name/subdir; empty: not given
  std::string subdir;
  std::optional<Format> format;
  std::string output;  ///< file; empty: standard output
  bool error_codes = false;
  bool ill_only = false;
  bool exit_ok = false;
  int verbosity = 0;
  std::optional<Color> color;
  std::string repair;  ///< `safe` or `hung`; empty: only look
  bool is_dry_run = false;
  std::vector<std::string> demoted;  ///< codes, ours or Ganeti's
  bool is_last = false;              ///< tell what the last check said, and look at nothing
  std::chrono::seconds max_age{300};

  /// @throws SettingsError if it is not given and the cluster's cannot be read
  [[nodiscard]] std::string storage_dir_in_force() const;

  /// What was asked for; else what suits where the output goes.
  [[nodiscard]] Format format_in_force(bool is_terminal) const;
};

/// Adds the options of the check itself.
void add_check_options(CLI::App& app, CheckArguments& arguments);

/// The volume that is named on the command line, if one is. Its servers, unless they are named too, are those that
/// this node last used it with. @throws Error if it is no volume
[[nodiscard]] std::optional<GlusterVolume> expected_volume(const CheckArguments& arguments);

}  // namespace ganeti::gluster::tool
