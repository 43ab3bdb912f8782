// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "disk_session.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

struct CreateArguments {
  std::string disk;
  std::string size;
};

int create(const Options& options, const CreateArguments& arguments) {
  const auto size_mib = size_argument(arguments.size);
  DiskSession session(options, arguments.disk);
  session.image().create(size_mib);
  const auto size_bytes = session.image().size();
  if (options.json) {
    auto json = session.json();
    json["size_bytes"] = size_bytes;
    print_json(std::move(json));
  } else {
    fmt::print("created {}, {}\n", session.path(), format_size(size_bytes));
  }
  return 0;
}

}  // namespace

void add_disk_create(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("create", "Create a disk's image, sparse; an existing one is an error");
  const auto arguments = std::make_shared<CreateArguments>();
  add_disk_argument(*command, arguments->disk);
  command->add_option("--size", arguments->size, "Size: 512M, 1.5G, 2T; MiB without a unit")
      ->type_name("SIZE")
      ->required();
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Example:\n"
      "  ganeti-gluster disk create ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 --size 20G");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return create(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
