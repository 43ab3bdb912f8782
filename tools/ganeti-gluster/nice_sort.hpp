// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace ganeti::gluster::tool {

/// Whether @p a stands before @p b where numbers in names count by value, `x.2` before `x.10`, as Ganeti
/// sorts (Ganeti: utils.NiceSort). Ganeti looks at the first eight parts of a name only, which a UUID
/// has used up before its index; this looks at all.
[[nodiscard]] bool is_nicely_before(std::string_view a, std::string_view b);

}  // namespace ganeti::gluster::tool
