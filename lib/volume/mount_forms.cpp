// SPDX-License-Identifier: BSD-2-Clause
// A volume for programs that mount it by themselves: mount(8), systemd, oVirt. All of them end in
// mount.glusterfs(8), and take what fuse.cpp says that it takes.
#include <ganeti-gluster/volume/forms.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/path.hpp"
#include "volume/characters.hpp"
#include "volume/fuse_hosts.hpp"
#include "volume/host.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

// With these characters alone, neither fstab nor a unit file has to quote anything.
std::string checked_mount_point(const std::string& path) {
  if (!path.starts_with('/')) refuse(mount_point_part, path, "a mount point is an absolute path");
  if (!consists_of(path, path_characters, "/")) {
    refuse(mount_point_part, path, fmt::format("the path consists of '/', {}", path_characters_in_words));
  }
  auto normal = normalise_path(path);
  if (normal.find_first_not_of('/') == std::string::npos) {
    refuse(mount_point_part, path, "a volume is not mounted on the root");
  }
  return normal;
}

std::string mount_options(const GlusterVolume& volume, const std::vector<std::string>& more) {
  // By the type alone, not every program knows that this file system needs the network.
  std::vector<std::string> options{"_netdev"};
  const auto own = volume.fuse_options();
  options.insert(options.end(), own.begin(), own.end());
  options.insert(options.end(), more.begin(), more.end());
  return fmt::format("{}", fmt::join(options, ","));
}

// As systemd-escape(1) --path does, of an absolute path without superfluous slashes.
std::string unit_name(std::string_view mount_point) {
  std::string name;
  for (const char c : mount_point.substr(1)) {
    const bool stays = (c != '.' || !name.empty()) && consists_of({&c, 1}, name_characters, ".") && c != '-';
    if (c == '/') {
      name += '-';
    } else if (stays) {
      name += c;
    } else {
      name += fmt::format("\\x{:02x}", c);
    }
  }
  return name + ".mount";
}

}  // namespace

std::string fstab_line(const GlusterVolume& volume, const MountPlace& place) {
  const auto mount_point = checked_mount_point(place.mount_point);
  return fmt::format("{} {} glusterfs {} 0 0", volume.fuse_source(), mount_point, mount_options(volume, place.options));
}

SystemdUnit systemd_mount_unit(const GlusterVolume& volume, const MountPlace& place) {
  const auto mount_point = checked_mount_point(place.mount_point);
  // What the mount point itself lies on is required by systemd anyway.
  auto text = fmt::format(
      "[Unit]\n"
      "Description=GlusterFS volume {}\n"
      "Wants=network-online.target\n"
      "After=network-online.target\n"
      "RequiresMountsFor=/var/log/glusterfs\n"
      "\n"
      "[Mount]\n"
      "What={}\n"
      "Where={}\n"
      "Type=glusterfs\n"
      "Options={}\n"
      "\n"
      "[Install]\n"
      "WantedBy=remote-fs.target\n",
      volume.name_with_subdir(), volume.fuse_source(), mount_point, mount_options(volume, place.options));
  return {unit_name(mount_point), std::move(text)};
}

OvirtDomain ovirt_domain(const GlusterVolume& volume, const std::vector<std::string>& more) {
  const auto hosts = fuse_hosts(volume);
  auto options = volume.fuse_options();
  if (hosts.size() > 1) {
    std::vector<std::string> backups;
    for (auto host = hosts.begin() + 1; host != hosts.end(); ++host) backups.push_back(bracketed(*host));
    options.push_back(fmt::format("backup-volfile-servers={}", fmt::join(backups, ":")));
  }
  options.insert(options.end(), more.begin(), more.end());
  OvirtDomain domain;
  domain.spec = fmt::format("{}:/{}", hosts.front(), volume.name_with_subdir());
  domain.options = fmt::format("{}", fmt::join(options, ","));
  return domain;
}

}  // namespace ganeti::gluster
