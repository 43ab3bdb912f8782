// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/check/finding.hpp>

namespace ganeti::gluster::tool {

/// What a kind of finding means: its code, and below that paragraphs, each behind a tab, on lines of any length. This
/// is also scdoc(5), of which the manual page is made.
[[nodiscard]] std::string explanation(const FindingKind& kind);

}  // namespace ganeti::gluster::tool
