// SPDX-License-Identifier: BSD-2-Clause
//
// What the driver answers of the library's structures.
#pragma once

#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/image_label.hpp>
#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/mount/hold.hpp>
#include <ganeti-gluster/storage/gluster_storage.hpp>

namespace gg = ganeti::gluster;
using nlohmann::json;

inline json print(const gg::ImageInfo& info) {
  return {{"size_bytes", info.size_bytes}, {"allocated_bytes", info.allocated_bytes}, {"links", info.links}};
}

inline json print(const std::optional<gg::ImageLabel>& label) {
  if (!label) return nullptr;
  return {{"cluster", label->cluster},
          {"instance", label->instance},
          {"disk", label->disk},
          {"disk_uuid", label->disk_uuid},
          {"info", label->info},
          {"size_mib", label->size_mib},
          {"created", label->created ? json(label->created->time_since_epoch().count()) : json()}};
}

inline json print(const gg::VolumeSpace& space) {
  return {{"size_bytes", space.size_bytes}, {"free_bytes", space.free_bytes}, {"used_bytes", space.used_bytes}};
}

inline json print(const std::vector<gg::HoldStatus>& holds) {
  json list = json::object();
  for (const auto& status : holds) {
    list[status.hold.disk] = {{"volume", status.hold.volume},
                              {"reason", gg::to_string(status.hold.reason)},
                              {"links", status.use.links},
                              {"processes", status.use.processes},
                              {"stale", status.is_stale()}};
  }
  return list;
}
