// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/check/report.hpp>

namespace ganeti::gluster::tool {

/// Metrics in Prometheus's text format: always the same ones, NaN for what is not known, and each kind of finding as
/// 0 or 1. No timestamps, which a textfile collector refuses.
[[nodiscard]] std::string prometheus_output(const CheckReport& report);

}  // namespace ganeti::gluster::tool
