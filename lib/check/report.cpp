// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/check/report.hpp>

#include <algorithm>

namespace ganeti::gluster {

void CheckReport::sort_findings() {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& other) {
    return one.severity != other.severity && worse(one.severity, other.severity) == one.severity;
  });
}

Severity CheckReport::severity() const noexcept {
  auto worst = Severity::ok;
  for (const auto& finding : findings) {
    if (finding.counts()) worst = worse(worst, finding.severity);
  }
  for (const auto& probe : probes) {
    if (!probe.success) worst = worse(worst, Severity::unknown);
  }
  return worst;
}

}  // namespace ganeti::gluster
