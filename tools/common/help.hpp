// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace ganeti::gluster::tool {

/// CLI11 puts two empty lines between groups of options, and the value of a flag in braces behind its name.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
};

/// The program's name and those of the commands down to @p command.
[[nodiscard]] std::string full_name(const CLI::App& command);

/// The command that the command line got to.
[[nodiscard]] const CLI::App& innermost(const CLI::App& app);

}  // namespace ganeti::gluster::tool
