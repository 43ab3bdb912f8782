// SPDX-License-Identifier: BSD-2-Clause
#include "help.hpp"

namespace ganeti::gluster::tool {

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  auto text = CLI::Formatter::make_help(app, std::move(name), mode);
  for (auto found = text.find("\n\n\n"); found != std::string::npos; found = text.find("\n\n\n")) text.erase(found, 1);
  return text;
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
  const auto name = CLI::Formatter::make_option_name(option, is_positional);
  return name.substr(0, name.find('{'));
}

std::string full_name(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

const CLI::App& innermost(const CLI::App& app) {
  const auto* found = &app;
  while (!found->get_subcommands().empty()) found = found->get_subcommands().front();
  return *found;
}

}  // namespace ganeti::gluster::tool
