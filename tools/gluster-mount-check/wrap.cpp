// SPDX-License-Identifier: BSD-2-Clause
#include "wrap.hpp"

#include <sstream>

namespace ganeti::gluster::tool {

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::istringstream words{std::string(text)};
  std::string result;
  auto column = indent;
  for (std::string word; words >> word;) {
    if (column > indent && column + 1 + word.size() > width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

}  // namespace ganeti::gluster::tool
