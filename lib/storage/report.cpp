// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/report.hpp>

#include <vector>

#include <fmt/format.h>

#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

GlusterVolume report_volume(const Mounter& mounter) {
  if (const auto mounted = mounter.find_mounted_volume()) return *mounted;
  if (const auto& configured = mounter.settings().default_volume()) return *configured;
  const auto used = mounter.used_volumes();
  if (used.size() == 1) return used.front();
  std::vector<std::string> names;
  for (const auto& volume : used) names.push_back(volume.to_string());
  const auto known = used.empty() ? "this node has used none there yet"
                                  : fmt::format("this node has used {} there", fmt::join(names, " and "));
  const auto& file = mounter.paths().settings_file;
  throw SettingsError(Errc::invalid_settings,
                      {mounter.storage_dir(), "cannot tell which volume is meant",
                       fmt::format("no mount of ours is there, {}, and {} names no default_volume", known, file),
                       fmt::format("set default_volume = \"HOST:/VOLUME\" in {}", file)});
}

SpaceReport report_space(const Mounter& mounter) {
  const auto volume = report_volume(mounter);
  const auto lease = mounter.ensure_mounted(volume);
  return {volume, FuseStore(lease).space()};
}

}  // namespace ganeti::gluster
