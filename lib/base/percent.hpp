// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace ganeti::gluster {

/// Text for a URI: ASCII letters, digits and `-_./` stand for themselves, everything else as '%' and two digits. Also
/// what RFC 3986 would leave alone, such as '+': readers of forms make a blank of it.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace ganeti::gluster
