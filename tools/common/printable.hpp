// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace ganeti::gluster::tool {

/// A text from the volume as a terminal may have it: whoever may write to the volume chose it, so each
/// byte that is not printable ASCII becomes a `?`.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace ganeti::gluster::tool
