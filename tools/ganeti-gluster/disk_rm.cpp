// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "confirm.hpp"
#include "disk_session.hpp"

namespace ganeti::gluster::tool {
namespace {

int remove(const Options& options, const std::string& disk, bool force) {
  DiskSession session(options, disk);
  constexpr const char* failed = "cannot remove the image";
  session.refuse_if_in_use(failed);
  if (!force)
    confirm(fmt::format("Remove {} of {} for good?", session.path(), session.volume()), session.path(), failed);
  const bool removed = session.storage().remove();
  if (options.json) {
    auto json = session.json();
    json["removed"] = removed;
    print_json(std::move(json));
  } else {
    fmt::print("{} {}\n", removed ? "removed" : "nothing to remove: there is no image", session.path());
  }
  return 0;
}

}  // namespace

void add_disk_rm(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("rm", "Remove a disk's image for good, unfinished ones too");
  const auto disk = std::make_shared<std::string>();
  const auto force = std::make_shared<bool>(false);
  add_disk_argument(*command, *disk);
  add_force(*command, *force);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Asks first; where nobody can be asked, and without -f, the exit status is 13.\n"
      "Refused while this node uses the disk; whether another node does, nobody checks.\n"
      "An image that is not there is no error.\n"
      "Example:\n"
      "  ganeti-gluster disk rm ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
  command->callback(
      [&action, disk, force] { action = [disk, force](const Options& o) { return remove(o, *disk, *force); }; });
}

}  // namespace ganeti::gluster::tool
