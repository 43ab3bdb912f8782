// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "disk_session.hpp"

namespace ganeti::gluster::tool {
namespace {

struct RenameArguments {
  std::string disk;
  std::string new_disk;
};

int rename(const Options& options, const RenameArguments& arguments) {
  const auto new_disk = disk_argument(arguments.new_disk);
  DiskSession session(options, arguments.disk);
  const auto old_path = session.path();
  session.refuse_if_in_use("cannot rename the image");
  session.storage().rename(new_disk);
  if (options.json) {
    auto json = session.json();
    json["old_disk"] = arguments.disk;
    print_json(std::move(json));
  } else {
    fmt::print("renamed {} to {}\n", old_path, session.path());
  }
  return 0;
}

}  // namespace

void add_disk_rename(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("rename", "Give a disk's image another name on the volume");
  const auto arguments = std::make_shared<RenameArguments>();
  add_disk_argument(*command, arguments->disk);
  add_disk_argument(*command, arguments->new_disk, "NEW_DISK");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Refused while this node uses the disk; whether another node does, nobody checks. An image that\n"
      "has the new name is never replaced. Ganeti does not learn of it.\n"
      "Example:\n"
      "  ganeti-gluster disk rename ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 \\\n"
      "    ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.1");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return rename(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
