// SPDX-License-Identifier: BSD-2-Clause
#include <memory>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/disk/forms.hpp>

#include "commands.hpp"
#include "disk_session.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

int show_libvirt(const Options& options, const std::string& text, const std::string& target) {
  const auto disk = disk_argument(text);
  const auto volume = Node(options).volume_with_settings();
  const auto xml = libvirt_disk_xml(volume, disk, target);
  if (options.json) {
    print_json({{"disk", disk.text()}, {"volume", volume.to_string()}, {"xml", xml}});
  } else {
    fmt::print("{}", xml);
  }
  return 0;
}

}  // namespace

void add_disk_libvirt(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("libvirt", "Show a disk as XML for a libvirt domain, with all servers");
  const auto disk = std::make_shared<std::string>();
  const auto target = std::make_shared<std::string>("vda");
  add_disk_argument(*command, *disk);
  command->add_option("--target", *target, "Name of the device in the guest (vda)")
      ->type_name("DEV")
      ->option_text("DEV")
      ->check(refuse_empty);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Nothing is mounted; whether there is such a disk is not looked at.\n"
      "Example:\n"
      "  ganeti-gluster disk libvirt ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --target vdb > disk.xml\n"
      "  virsh attach-device DOMAIN disk.xml --config");
  command->callback([&action, disk, target] {
    action = [disk, target](const Options& o) { return show_libvirt(o, *disk, *target); };
  });
}

}  // namespace ganeti::gluster::tool
