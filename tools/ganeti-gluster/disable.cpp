// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/mount/namespace.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "switch.hpp"

namespace ganeti::gluster::tool {
namespace {

// The settings are not read: a mistake in them must not stand in the way.
int disable(const Options& options) {
  enter_node_namespace(options.paths);
  const ProgramPaths programs;
  const auto trees = switch_trees(programs, [](const Dropin& dropin) { return dropin.disable(); });
  const auto status = exit_status(trees);
  const auto loaded = look_at_node_daemon(options.paths).loaded;
  // A daemon that still uses ours needs its locks and holds until it ends.
  if (status == 0 && loaded != Loaded::yes && loaded != Loaded::replaced) {
    const auto storage_dir = options.storage_dir_in_force();
    Mounter(storage_dir, {}, options.paths).release_idle();  // what nobody holds, nobody would give back
    remove_node_state(options.paths, storage_dir);
  }
  const auto next = status == 0 ? dropin_status(programs, options.paths).next() : "";
  if (options.json) {
    print_json({{"ganeti", to_json(trees)}, {"next", next.empty() ? Json() : Json(next)}});
  } else {
    print_switched(trees, "switched back to its own module", "has its own module already");
    print_fields({{"next", next}});
  }
  return status;
}

}  // namespace

void add_disable(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("disable", "Make Ganeti on this node use its own module again");
  add_common_options(*command, options);
  command->footer(
      "Instances may run meanwhile; a mount that is in use stays. The node daemon has\n"
      "to be restarted afterwards, which is left to you.\n"
      "Example: ganeti-gluster disable");
  command->callback([&action] { action = disable; });
}

}  // namespace ganeti::gluster::tool
