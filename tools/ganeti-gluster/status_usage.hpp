// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/mount/status.hpp>
#include <ganeti-gluster/storage/report.hpp>

#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {

/// What is known of the volume's space, or why nothing is.
struct UsageStatus {
  std::optional<UsageReport> report;
  std::string error;  ///< empty: no volume is known here, or there was no way to ask it without mounting it
};

/// Asks the volume of this node, unless what is known of its mount shows that it would not answer.
[[nodiscard]] UsageStatus usage_status(const Node& node, const MountStatus& status);

[[nodiscard]] std::vector<Field> usage_fields(const UsageStatus& usage);
[[nodiscard]] Json to_json(const UsageStatus& usage);

}  // namespace ganeti::gluster::tool
