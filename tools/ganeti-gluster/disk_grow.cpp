// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "disk_session.hpp"
#include "disk_space.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

struct GrowArguments {
  std::string disk;
  std::string amount;
  bool dry_run = false;
  SpaceArguments space;
};

int grow(const Options& options, const GrowArguments& arguments) {
  constexpr std::uint64_t mib = 1ULL << 20U;
  const auto amount_mib = size_argument(arguments.amount);
  DiskSession session(options, arguments.disk);
  auto& disk = session.storage();
  const auto old_bytes = disk.size();
  const auto space = space_options(session, arguments.space);
  auto new_bytes = old_bytes + static_cast<std::uint64_t>(amount_mib) * mib;
  if (arguments.dry_run) {
    disk.check_grow(amount_mib, space);
  } else {
    take_space(options, session.path(), "cannot grow the image", space,
               [&](const SpaceOptions& o) { disk.grow(amount_mib, o); });
    new_bytes = disk.size();
  }
  if (options.json) {
    auto json = session.json();
    json["old_size_bytes"] = old_bytes;
    json["size_bytes"] = new_bytes;
    json["dry_run"] = arguments.dry_run;
    print_json(std::move(json));
  } else {
    fmt::print("{} {} from {} to {}\n", arguments.dry_run ? "would grow" : "grew", session.path(),
               format_size(old_bytes), format_size(new_bytes));
  }
  return 0;
}

}  // namespace

void add_disk_grow(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("grow", "Make a disk's image larger by an amount");
  const auto arguments = std::make_shared<GrowArguments>();
  add_disk_argument(*command, arguments->disk);
  command->add_option("AMOUNT", arguments->amount, "By how much: 512M, 1.5G, 2T; MiB without a unit")
      ->required()
      ->type_name("");
  command->add_flag("--dry-run", arguments->dry_run, "Check everything, change nothing");
  add_space_options(*command, arguments->space);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Only the image grows; Ganeti learns of it from gnt-cluster repair-disk-sizes. For the disks of\n"
      "instances, gnt-instance grow-disk does both. Ctrl-C while space is taken gives it back, and the\n"
      "image has its old size.\n"
      "Examples:\n"
      "  ganeti-gluster disk grow ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 5G --dry-run\n"
      "  ganeti-gluster disk grow ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 5G");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return grow(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
