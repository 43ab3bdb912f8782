// SPDX-License-Identifier: BSD-2-Clause
#include "color.hpp"

#include <string_view>

namespace ganeti::gluster::tool {

std::string to_string(Color color) {
  switch (color) {
    case Color::always:
      return "always";
    case Color::never:
      return "never";
    case Color::automatic:
      break;
  }
  return "auto";
}

bool is_colored(Color color, const ColorSurroundings& surroundings) {
  if (color != Color::automatic) return color == Color::always;
  if (surroundings.no_color != nullptr && *surroundings.no_color != '\0') return false;
  if (surroundings.term != nullptr && std::string_view(surroundings.term) == "dumb") return false;
  return surroundings.is_terminal;
}

}  // namespace ganeti::gluster::tool
