// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace ganeti::gluster {

/// Reads `500ms`, `5s` or `2m`, from 100 ms to 10 min. @throws SettingsError
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

/// Writes a duration in the largest unit that needs no fraction.
[[nodiscard]] std::string print_duration(std::chrono::milliseconds duration);

}  // namespace ganeti::gluster
