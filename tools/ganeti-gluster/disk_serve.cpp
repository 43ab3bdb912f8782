// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include <ganeti-gluster/gfapi/nbd_server.hpp>

#include "commands.hpp"
#include "disk_session.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

struct ServeArguments {
  std::string disk;
  std::string socket;
  bool read_only = false;
};

// Also whether it can be served: nbdkit would tell only that it could not.
std::uint64_t size_of(const Node& node, const DiskPath& disk) {
  return GlusterStorage(node.reach_volume(), disk, std::nullopt).size();
}

int serve(const Options& options, const ServeArguments& arguments) {
  const auto disk = disk_argument(arguments.disk);
  const Node node(options);
  const NbdExport image{node.volume(), disk, arguments.read_only};
  const auto size_bytes = size_of(node, disk);
  const auto socket =
      arguments.socket.empty() ? fmt::format("{}/nbd/{}", node.paths.state_dir, disk.text()) : arguments.socket;
  NbdServer server(socket);
  if (options.json) {
    print_json({{"disk", disk.text()},
                {"volume", image.volume.to_string()},
                {"uri", server.uri()},
                {"socket", socket},
                {"size_bytes", size_bytes},
                {"read_only", image.read_only}});
  } else {
    fmt::print("serving {} of {}, {}{}, at {}\n", disk.text(), image.volume.to_string(), format_size(size_bytes),
               image.read_only ? ", read-only" : "", server.uri());
  }
  if (!finish_output()) return 1;
  server.run(image, node.settings.for_volume(image.volume.name()), node.paths);
}

}  // namespace

void add_disk_serve(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("serve", "Serve a disk's image by NBD, without a mount, until SIGTERM");
  const auto arguments = std::make_shared<ServeArguments>();
  add_disk_argument(*command, arguments->disk);
  // Absolute at once: entering the node daemon's namespace changes the working directory.
  const auto set_socket = [arguments](const std::string& path) {
    arguments->socket = std::filesystem::absolute(path).string();
  };
  command
      ->add_option_function<std::string>("--socket", set_socket,
                                         "Unix socket (" + options.paths.state_dir + "/nbd/DISK)")
      ->type_name("PATH")
      ->option_text("PATH")
      ->check(refuse_empty);
  command->add_flag("--read-only", arguments->read_only, "Refuse writing");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Stays in the foreground: this process becomes nbdkit. The socket is for root alone. As a service:\n"
      "systemctl start ganeti-gluster-nbd@NAME, NAME being what systemd-escape makes of DISK.\n"
      "QEMU takes the URI that is printed, or: -blockdev driver=nbd,node-name=disk0,\n"
      "server.type=unix,server.path=PATH\n"
      "Examples:\n"
      "  ganeti-gluster disk serve ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0\n"
      "  ganeti-gluster disk serve ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --read-only \\\n"
      "    --socket /run/backup.sock & nbdcopy 'nbd+unix:///?socket=/run/backup.sock' disk.img");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return serve(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
