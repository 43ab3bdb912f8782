// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "disk_session.hpp"
#include "disk_space.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

struct CreateArguments {
  std::string disk;
  std::string size;
  SpaceArguments space;
};

int create(const Options& options, const CreateArguments& arguments) {
  const auto size_mib = size_argument(arguments.size);
  DiskSession session(options, arguments.disk);
  const auto space = space_options(session, arguments.space);
  take_space(options, session.path(), "cannot create the image", space,
             [&](const SpaceOptions& o) { session.storage().create(size_mib, ImageLabel(), o); });
  const auto info = session.storage().info();
  if (options.json) {
    auto json = session.json();
    json["size_bytes"] = info.size_bytes;
    json["allocated_bytes"] = info.allocated_bytes;
    json["preallocation"] = to_string(space.preallocation);
    print_json(std::move(json));
  } else {
    fmt::print("created {}, {}{}\n", session.path(), format_size(info.size_bytes),
               space.preallocation == Preallocation::off ? "" : ", preallocated");
  }
  return 0;
}

}  // namespace

void add_disk_create(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("create", "Create a disk's image; an existing one is an error");
  const auto arguments = std::make_shared<CreateArguments>();
  add_disk_argument(*command, arguments->disk);
  command->add_option("--size", arguments->size, "Size: 512M, 1.5G, 2T; MiB without a unit")
      ->type_name("SIZE")
      ->required();
  add_space_options(*command, arguments->space);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Ctrl-C while the space is taken gives all of it back, and no image remains.\n"
      "Examples:\n"
      "  ganeti-gluster disk create ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --size 20G\n"
      "  ganeti-gluster disk create ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --size 20G \\\n"
      "    --preallocation falloc");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return create(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
