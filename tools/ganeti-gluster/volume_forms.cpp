// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/volume/forms.hpp>
#include <ganeti-gluster/volume/resolve.hpp>

#include "commands.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

struct VolumeForms {
  std::string fstab;
  SystemdUnit unit;
  OvirtDomain ovirt;
  std::string pool;
};

void print_for_people(const VolumeForms& forms) {
  fmt::print("# /etc/fstab\n{}\n\n", forms.fstab);
  fmt::print("# /etc/systemd/system/{}\n{}\n", forms.unit.name, forms.unit.text);
  fmt::print("# storage domain of oVirt\npath: {}\nVFS type: {}\nmount options: {}\n\n", forms.ovirt.spec,
             forms.ovirt.vfs_type, forms.ovirt.options);
  fmt::print("# storage pool of libvirt\n{}", forms.pool);
}

void print_for_machines(const VolumeForms& forms, const GlusterVolume& volume) {
  print_json(
      {{"volume", volume.to_string()},
       {"fstab", forms.fstab},
       {"systemd", {{"unit", forms.unit.name}, {"text", forms.unit.text}}},
       {"ovirt", {{"spec", forms.ovirt.spec}, {"vfs_type", forms.ovirt.vfs_type}, {"options", forms.ovirt.options}}},
       {"libvirt_pool", forms.pool}});
}

int show_forms(const Options& options) {
  const Node node(options);
  const auto volume = node.volume_with_settings();
  const auto known = resolve(volume, resolve_limit);
  const auto mount_options = node.settings.for_volume(volume.name()).mount_options;
  // /var/run is a link, and systemd mounts on no path that has one in it.
  const MountPlace place{std::filesystem::weakly_canonical(node.storage_dir).string(), mount_options};
  const VolumeForms forms{fstab_line(known, place), systemd_mount_unit(known, place),
                          ovirt_domain(known, mount_options), libvirt_pool_xml(known)};
  if (options.json) {
    print_for_machines(forms, volume);
  } else {
    print_for_people(forms);
  }
  return 0;
}

}  // namespace

void add_volume_forms(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("forms", "Show how others mount the volume: fstab, systemd, oVirt, libvirt");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Nothing is mounted; names of servers are looked up.\n"
      "Example:\n"
      "  ganeti-gluster volume forms --volume node1,node2:/gv0 --storage-dir /mnt/gv0");
  command->callback([&action] { action = show_forms; });
}

}  // namespace ganeti::gluster::tool
