// SPDX-License-Identifier: BSD-2-Clause
#include "base/percent.hpp"

#include <fmt/format.h>

namespace ganeti::gluster {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
  std::string result;
  for (const char c : text) {
    const bool stays = plain.find(c) != std::string_view::npos;
    result += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace ganeti::gluster
