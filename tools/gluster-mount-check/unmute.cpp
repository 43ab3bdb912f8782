// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include <ganeti-gluster/check/mutes.hpp>

#include "commands.hpp"

namespace ganeti::gluster::tool {
namespace {

int unmute(const CheckArguments& arguments, const std::string& code) {
  const bool was_muted = unmute_finding(arguments.check.paths, arguments.storage_dir_in_force(), code);
  fmt::print("{} {}\n", code, was_muted ? "counts again" : "was not muted");
  return 0;
}

}  // namespace

void add_unmute(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("unmute", "Let a muted finding count again");
  const auto code = std::make_shared<std::string>();
  command->add_option("CODE", *code, "The finding, such as SPACE_LOW")->required();
  command->fallthrough();  // the options of the program may stand after it
  command->footer("Example: gluster-mount-check unmute SPACE_LOW");
  command->callback([&action, code] { action = [code](const CheckArguments& a) { return unmute(a, *code); }; });
}

}  // namespace ganeti::gluster::tool
