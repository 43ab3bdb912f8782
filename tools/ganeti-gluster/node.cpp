// SPDX-License-Identifier: BSD-2-Clause
#include "node.hpp"

#include <ganeti-gluster/mount/namespace.hpp>

namespace ganeti::gluster::tool {
namespace {

// Before any file is read: those of that namespace are the ones that the node daemon reads.
const NodePaths& in_node_namespace(const NodePaths& paths) {
  enter_node_namespace(paths);
  return paths;
}

}  // namespace

Node::Node(const Options& options)
    : named_volume(volume_argument(options)),
      paths(in_node_namespace(options.paths)),
      storage_dir(options.storage_dir_in_force()),
      settings(Settings::load(paths.settings_file)),
      mounter(storage_dir, settings, paths) {}

GlusterVolume Node::volume() const {
  const auto& found = named_volume ? named_volume : settings.default_volume();
  if (!found) {
    throw SettingsError(Errc::invalid_settings,
                        {paths.settings_file, "cannot tell which volume is meant", "there is no default_volume",
                         "name the volume with --volume HOST:/VOLUME, or set default_volume in that file"});
  }
  return *found;
}

}  // namespace ganeti::gluster::tool
