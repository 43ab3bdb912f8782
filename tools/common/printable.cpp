// SPDX-License-Identifier: BSD-2-Clause
#include "printable.hpp"

#include <algorithm>

namespace ganeti::gluster::tool {

std::string printable(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return result;
}

}  // namespace ganeti::gluster::tool
