// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

struct UmountArguments {
  std::vector<std::string> disks;
  bool all_stale = false;
};

std::error_code busy() { return std::make_error_code(std::errc::device_or_resource_busy); }

[[noreturn]] void refuse(const std::string& storage_dir, std::error_code code, const std::string& why,
                         const std::string& cure) {
  throw MountError(code, {storage_dir, "cannot unmount", why, cure});
}

void warn_if_in_use(const HoldStatus& status) {
  if (!status.use.in_use()) return;
  fmt::print(stderr,
             "ganeti-gluster: warning: {} is in use (links: {}; processes: {}), its hold is dropped all the same\n",
             status.hold.disk, fmt::join(status.use.links, ", "), fmt::join(status.use.processes, ", "));
}

std::vector<std::string> drop_holds(const Mounter& mounter, const UmountArguments& arguments, bool quiet) {
  auto wanted = arguments.disks;
  wanted.emplace_back(admin_hold);
  for (const auto& status : mounter.holds()) {
    const bool is_named = std::find(wanted.begin(), wanted.end(), status.hold.disk) != wanted.end();
    if (is_named) warn_if_in_use(status);
    if (!is_named && arguments.all_stale && status.is_stale()) wanted.push_back(status.hold.disk);
  }
  std::vector<std::string> dropped;
  for (const auto& disk : wanted) {
    if (mounter.drop_hold(disk)) {
      dropped.push_back(disk);
      if (!quiet) fmt::print("dropped the hold of {}\n", disk);
    } else if (disk != admin_hold) {
      fmt::print(stderr, "ganeti-gluster: warning: there is no hold of {}\n", disk);
    }
  }
  return dropped;
}

[[noreturn]] void refuse_busy(const MountStatus& status) {
  if (status.state == MountState::hung) {  // whoever looks for users of a hung mount hangs too
    refuse(status.storage_dir, Errc::mount_hung, "it is in use and hangs: " + status.detail,
           "see gluster-mount(7), HUNG MOUNTS");
  }
  refuse(status.storage_dir, busy(), "a process on this node uses the mount",
         "see which one with: fuser -vm " + status.storage_dir);
}

// "Not mounted" is said of our own live mounts; a dead one or somebody else's may be there.
void require_bare(const MountStatus& status) {
  if (!status.row) return;
  const auto umount = "umount " + status.real_path;
  if (status.state == MountState::dead) {
    refuse(status.storage_dir, Errc::mount_dead,
           fmt::format("the mount of {} is dead: {}", status.row->source, status.detail),
           fmt::format("ganeti-gluster mount replaces it, {} removes it", umount));
  }
  refuse(status.storage_dir, Errc::wrong_volume,
         fmt::format("{} (type {}) is mounted, but not by ganeti-gluster; it was not touched", status.row->source,
                     status.row->type),
         "if nobody needs it: " + umount);
}

std::string disks_of(const std::vector<HoldStatus>& holds) {
  std::vector<std::string> disks;
  for (const auto& status : holds) disks.push_back(status.hold.disk);
  return fmt::format("{}", fmt::join(disks, ", "));
}

int umount(const Options& options, const UmountArguments& arguments) {
  const Node node(options);
  const auto dropped = drop_holds(node.mounter, arguments, options.json);
  const auto release = node.mounter.unmount();
  if (release == Release::held) {
    refuse(node.storage_dir, busy(), "held by " + disks_of(node.mounter.holds()),
           "stop the instances of these disks; for holds that ganeti-gluster status calls stale: "
           "ganeti-gluster umount --all-stale");
  }
  if (release == Release::busy) refuse_busy(node.mounter.status());
  if (release == Release::not_mounted) require_bare(node.mounter.status());
  if (options.json) {
    print_json({{"storage_dir", node.storage_dir},
                {"result", release == Release::released ? "unmounted" : "not_mounted"},
                {"dropped_holds", dropped}});
  } else {
    fmt::print("{} {}\n", node.storage_dir, release == Release::released ? "is unmounted" : "was not mounted");
  }
  return 0;
}

}  // namespace

void add_umount(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("umount", "Unmount the volume, unless a disk holds it");
  const auto arguments = std::make_shared<UmountArguments>();
  command->add_option("--drop-hold", arguments->disks, "Drop the hold of this disk first; may be repeated")
      ->type_name("DISK")
      ->check(refuse_empty)
      ->allow_extra_args(false);  // else it would swallow the words after its value
  command->add_flag("--all-stale", arguments->all_stale, "Drop all holds that nothing on this node supports");
  add_common_options(*command, options);
  command->footer(
      "The hold of ganeti-gluster mount is always dropped. A mount that is not there is no error.\n"
      "Examples:\n"
      "  ganeti-gluster umount\n"
      "  ganeti-gluster umount --all-stale");
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return umount(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
