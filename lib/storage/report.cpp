// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/report.hpp>

#include <vector>

#include <fmt/format.h>

#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/gfapi/gfapi_store.hpp>
#include <ganeti-gluster/storage/volume_access.hpp>

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
  return {volume, VolumeAccess(mounter, volume).store().space()};
}

std::optional<UsageReport> report_usage(const Mounter& mounter, std::chrono::milliseconds limit) {
  const auto volume = report_volume(mounter);
  auto settings = mounter.settings().for_volume(volume.name());
  if (settings.image_store == StoreKind::mount || !is_gfapi_installed(mounter.paths())) {
    const auto lease = mounter.find_mounted(volume);
    if (!lease) return std::nullopt;
    FuseStore store(*lease);
    return UsageReport{volume, store.space(), store.totals()};
  }
  settings.mount_timeout = settings.call_timeout = limit;
  GfapiStore store(volume, settings, mounter.paths());
  return UsageReport{volume, store.space(), store.totals()};
}

}  // namespace ganeti::gluster
