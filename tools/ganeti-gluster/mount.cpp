// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

int mount(const Options& options) {
  const Node node(options);
  const auto lease = node.mount();
  // Without a hold the mount would go with the lease, at the end of this command.
  lease.hold(admin_hold, HoldReason::admin);
  const auto volume = lease.volume().to_string();
  if (options.json) {
    print_json({{"storage_dir", lease.storage_dir()}, {"volume", volume}, {"hold", admin_hold}});
  } else {
    fmt::print("{} is mounted on {}\nIt stays mounted until: ganeti-gluster umount\n", volume, lease.storage_dir());
  }
  return 0;
}

}  // namespace

void add_mount(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("mount", "Mount a volume and keep it mounted until umount");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "If the right volume is mounted already, it is kept; a dead mount of it is replaced.\n"
      "Examples:\n"
      "  ganeti-gluster mount\n"
      "  ganeti-gluster mount --volume node1,node2,node3:/gv0");
  command->callback([&action] { action = mount; });
}

}  // namespace ganeti::gluster::tool
