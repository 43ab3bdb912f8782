// SPDX-License-Identifier: BSD-2-Clause
#include <memory>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/disk/forms.hpp>
#include <ganeti-gluster/volume/resolve.hpp>

#include "commands.hpp"
#include "disk_session.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

int show_uri(const Options& options, const std::string& text, bool for_ganeti) {
  const auto disk = disk_argument(text);
  const auto volume = Node(options).volume_with_settings();
  const auto uri = for_ganeti ? ganeti_uri(resolve(volume, resolve_limit), disk) : gluster_uri(volume, disk);
  if (options.json) {
    print_json({{"disk", disk.text()}, {"volume", volume.to_string()}, {"uri", uri}});
  } else {
    fmt::print("{}\n", uri);
  }
  return 0;
}

}  // namespace

void add_disk_uri(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("uri", "Show the gluster:// URI of a disk");
  const auto disk = std::make_shared<std::string>();
  const auto for_ganeti = std::make_shared<bool>(false);
  add_disk_argument(*command, *disk);
  command->add_flag("--ganeti", *for_ganeti, "As Ganeti can read it: with an IPv4 address, nothing encoded");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Nothing is mounted; whether there is such a disk is not looked at.\n"
      "Example:\n"
      "  qemu-img info $(ganeti-gluster disk uri ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0)");
  command->callback([&action, disk, for_ganeti] {
    action = [disk, for_ganeti](const Options& o) { return show_uri(o, *disk, *for_ganeti); };
  });
}

}  // namespace ganeti::gluster::tool
