// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <vector>

#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {

/// One part of the report. It depends on no other one, and is made in a process of its own.
struct ReportPart {
  const char* name;
  std::chrono::seconds limit;
  Json (*make)(const Options& options);  ///< @throws what keeps it from being made
};

/// All there are, in the order of the report.
[[nodiscard]] const std::vector<ReportPart>& report_parts();

}  // namespace ganeti::gluster::tool
