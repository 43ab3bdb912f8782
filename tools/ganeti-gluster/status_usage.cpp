// SPDX-License-Identifier: BSD-2-Clause
#include "status_usage.hpp"

#include <fmt/format.h>

#include "size.hpp"

namespace ganeti::gluster::tool {

UsageStatus usage_status(const Node& node, const MountStatus& status) {
  if (status.state != MountState::well && status.state != MountState::not_mounted) return {};
  try {
    return {report_usage(node.mounter, node.settings.for_volume("").probe_timeout), {}};
  } catch (const SettingsError&) {  // this node has used no volume yet, or several
    return {};
  } catch (const Error& error) {
    return {std::nullopt, error.what()};
  }
}

std::vector<Field> usage_fields(const UsageStatus& usage) {
  if (!usage.report) return {{"space", usage.error}};
  const auto& [volume, space, images] = *usage.report;
  return {{"space", fmt::format("{} of {} free on {}", format_size(space.free_bytes), format_size(space.size_bytes),
                                volume.to_string())},
          {"images", fmt::format("{}, {} together when full: {:.2f} of the volume", images.count,
                                 format_size(images.size_bytes), usage.report->overcommit())}};
}

Json to_json(const UsageStatus& usage) {
  if (!usage.report) return usage.error.empty() ? Json() : Json{{"error", usage.error}};
  const auto& [volume, space, images] = *usage.report;
  return {{"volume", volume.to_string()},
          {"size_bytes", space.size_bytes},
          {"free_bytes", space.free_bytes},
          {"used_bytes", space.used_bytes},
          {"images", images.count},
          {"images_bytes", images.size_bytes},
          {"overcommit", usage.report->overcommit()}};
}

}  // namespace ganeti::gluster::tool
