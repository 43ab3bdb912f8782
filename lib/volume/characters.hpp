// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace ganeti::gluster {

inline constexpr std::string_view decimal_digits = "0123456789";
inline constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";
/// What names of volumes consist of: Gluster's own rule.
inline constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
/// What one part of a path consists of: mount.glusterfs(8) hands it through a shell unquoted and
/// splits its source at the last ':'.
inline constexpr std::string_view path_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.+@=";
inline constexpr const char* path_characters_in_words = "letters, digits and any of _ - . + @ =";

/// Whether @p text has nothing but characters of @p some and @p more. A list and not isalnum(3):
/// the host program may have set a locale.
[[nodiscard]] constexpr bool consists_of(std::string_view text, std::string_view some, std::string_view more = {}) {
  for (const char c : text) {
    if (some.find(c) == std::string_view::npos && more.find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace ganeti::gluster
