// SPDX-License-Identifier: BSD-2-Clause
#include "node.hpp"

#include <ganeti-gluster/mount/namespace.hpp>
#include <ganeti-gluster/storage/report.hpp>

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
  if (named_volume) return *named_volume;
  if (const auto& configured = settings.default_volume()) return *configured;
  return report_volume(mounter);
}

GlusterVolume Node::volume_with_settings() const {
  const auto chosen = volume();
  return with_settings(chosen, settings.for_volume(chosen.name()));
}

}  // namespace ganeti::gluster::tool
