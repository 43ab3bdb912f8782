// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ganeti::gluster::tool {

/// Breaks a text between words into lines of at most @p width characters, of which the first @p indent are blanks, or
/// are there already on the first line. A word that is longer has a line of its own.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace ganeti::gluster::tool
