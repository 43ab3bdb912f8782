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

struct QemuArguments {
  std::string disk;
  QemuSettings settings;
  bool as_file_name = false;
};

int show_qemu(const Options& options, const QemuArguments& arguments) {
  const auto disk = disk_argument(arguments.disk);
  const auto volume = Node(options).volume_with_settings();
  const auto qemu = qemu_options(volume, disk, arguments.settings);
  if (options.json) {
    print_json({{"disk", disk.text()},
                {"volume", volume.to_string()},
                {"blockdev", qemu.dotted},
                {"options", Json::parse(qemu.json)}});
  } else {
    fmt::print("{}{}\n", arguments.as_file_name ? "json:" : "", arguments.as_file_name ? qemu.json : qemu.dotted);
  }
  return 0;
}

}  // namespace

void add_disk_qemu(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("qemu", "Show the options by which QEMU opens a disk, with all servers");
  const auto arguments = std::make_shared<QemuArguments>();
  add_disk_argument(*command, arguments->disk);
  auto& settings = arguments->settings;
  command->add_option("--node-name", settings.node_name, "Name of the block node, which -blockdev needs")
      ->type_name("NAME")
      ->check(refuse_empty);
  command->add_option("--log-level", settings.debug, "How much libgfapi logs (4)")
      ->option_text("0-9")
      ->check(CLI::Range(0, 9));
  command->add_option("--log-file", settings.log_file, "Where libgfapi logs (standard error)")
      ->type_name("FILE")
      ->check(refuse_empty);
  command->add_flag("--file-name", arguments->as_file_name, "As json:{...}, which QEMU takes as the name of a file");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Nothing is mounted; whether there is such a disk is not looked at.\n"
      "Examples:\n"
      "  qemu-img info --image-opts $(ganeti-gluster disk qemu ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0)\n"
      "  ganeti-gluster disk qemu ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --node-name disk0");
  command->callback(
      [&action, arguments] { action = [arguments](const Options& o) { return show_qemu(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
