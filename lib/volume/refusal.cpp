// SPDX-License-Identifier: BSD-2-Clause
#include "volume/refusal.hpp"

#include <fmt/format.h>

namespace ganeti::gluster {

std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 80;
  return text.size() <= shown ? fmt::format("{:?}", text)
                              : fmt::format("{:?}... ({} bytes)", text.substr(0, shown), text.size());
}

void refuse(const VolumePart& part, std::string_view text, std::string why, Errc code) {
  throw VolumeError(
      code, {fmt::format("{} {}", part.name, quoted(text)), "cannot use it for a volume", std::move(why), part.cure});
}

}  // namespace ganeti::gluster
