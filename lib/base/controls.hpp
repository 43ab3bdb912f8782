// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace ganeti::gluster {

/// A control character of ASCII. Not iscntrl(3): the host program may have set a locale.
[[nodiscard]] constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

[[nodiscard]] inline bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

/// Text for one line of a file or of a terminal: control characters become blanks.
[[nodiscard]] inline std::string without_controls(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace ganeti::gluster
