// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "disk_session.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

int show_info(const Options& options, const std::string& disk) {
  DiskSession session(options, disk);
  const auto info = session.image().info();
  auto json = session.json();
  if (options.json) {
    json["size_bytes"] = info.size_bytes;
    json["allocated_bytes"] = info.allocated_bytes;
    print_json(std::move(json));
    return 0;
  }
  print_fields({{"path", session.path()},
                {"volume", json["volume"].get<std::string>()},
                {"size", fmt::format("{} ({} bytes)", format_size(info.size_bytes), info.size_bytes)},
                {"allocated",
                 fmt::format("{} ({} bytes) on each copy", format_size(info.allocated_bytes), info.allocated_bytes)}});
  return 0;
}

}  // namespace

void add_disk_info(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("info", "Show a disk's image: path, size, space taken");
  const auto disk = std::make_shared<std::string>();
  add_disk_argument(*command, *disk);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Exits with 1 if there is no such image, or if it was never completed.\n"
      "Example:\n"
      "  ganeti-gluster disk info ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
  command->callback([&action, disk] { action = [disk](const Options& o) { return show_info(o, *disk); }; });
}

}  // namespace ganeti::gluster::tool
