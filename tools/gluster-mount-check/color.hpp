// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace ganeti::gluster::tool {

enum class Color { automatic, always, never };
/// `auto`, ...
[[nodiscard]] std::string to_string(Color color);

/// What the environment says of colours.
struct ColorSurroundings {
  const char* no_color = nullptr;  ///< NO_COLOR (no-color.org)
  const char* term = nullptr;      ///< TERM
  bool is_terminal = false;        ///< the very stream that is written to
};

/// The option beats NO_COLOR, that beats TERM=dumb, and without either it is whether there is a terminal.
[[nodiscard]] bool is_colored(Color color, const ColorSurroundings& surroundings);

}  // namespace ganeti::gluster::tool
