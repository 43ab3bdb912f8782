// SPDX-License-Identifier: BSD-2-Clause
#include "mute_text.hpp"

#include <fmt/format.h>

#include "age.hpp"

namespace ganeti::gluster::tool {

std::string mute_text(const Mute& mute, std::int64_t now) {
  if (mute.until == 0) return mute.is_sticky ? "until it is unmuted" : "until it clears or gets worse";
  return fmt::format("for {}{}", format_age(mute.until - now),
                     mute.is_sticky ? "" : ", unless it clears or gets worse");
}

}  // namespace ganeti::gluster::tool
