// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "node.hpp"
#include "output.hpp"
#include "switch.hpp"

namespace ganeti::gluster::tool {
namespace {

int enable(const Options& options) {
  const Node node(options);
  const ProgramPaths programs;
  const auto trees = switch_trees(programs, [](const Dropin& dropin) { return dropin.enable(); });
  // Disks that Ganeti's own module has assembled are in use without a hold.
  const auto status = exit_status(trees);
  const auto holds = node.mounter.rebuild_holds();
  const auto next = status == 0 ? dropin_status(programs, node.paths).next() : "";
  if (options.json) {
    print_json({{"ganeti", to_json(trees)}, {"holds", holds}, {"next", next.empty() ? Json() : Json(next)}});
  } else {
    print_switched(trees, "switched to ganeti-gluster", "has ganeti-gluster already");
    for (const auto& disk : holds) fmt::print("{} is in use: wrote a hold\n", disk);
    print_fields({{"next", next}});
  }
  return status;
}

}  // namespace

void add_enable(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("enable", "Make Ganeti on this node use ganeti-gluster");
  add_common_options(*command, options);
  command->footer(
      "Instances may run meanwhile. The node daemon has to be restarted afterwards,\n"
      "which is left to you. Repeat this after an upgrade to a new version of Ganeti.\n"
      "Example: ganeti-gluster enable");
  command->callback([&action] { action = enable; });
}

}  // namespace ganeti::gluster::tool
