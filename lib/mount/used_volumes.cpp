// SPDX-License-Identifier: BSD-2-Clause
#include "mount/used_volumes.hpp"

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/file.hpp"
#include "base/log.hpp"
#include "mount/kept_lines.hpp"

namespace ganeti::gluster {
namespace {

std::string file_of(const std::string& persistent_dir, const std::string& storage_dir) {
  return fmt::format("{}/used-{}", persistent_dir, escape_name(storage_dir));
}

}  // namespace

std::vector<GlusterVolume> read_used_volumes(const std::string& persistent_dir, const std::string& storage_dir) {
  std::vector<GlusterVolume> volumes;
  for (const auto& line : read_kept_lines(file_of(persistent_dir, storage_dir))) {
    try {
      volumes.push_back(GlusterVolume::parse(line));
    } catch (const VolumeError& error) {  // whoever wrote that, it must not stop anything
      log(LogLevel::debug, "ignoring a remembered volume: {}", error.what());
    }
  }
  return volumes;
}

void remember_used_volume(const std::string& persistent_dir, const std::string& storage_dir,
                          const GlusterVolume& volume, const std::function<bool(const GlusterVolume&)>& is_same) {
  std::vector<std::string> lines{volume.to_string()};
  for (const auto& known : read_used_volumes(persistent_dir, storage_dir)) {
    if (known != volume && !is_same(known)) lines.push_back(known.to_string());
  }
  keep_lines(file_of(persistent_dir, storage_dir), lines, fmt::format("that {} was used", volume.to_string()));
}

}  // namespace ganeti::gluster
