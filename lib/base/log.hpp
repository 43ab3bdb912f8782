// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <ganeti-gluster/log.hpp>

namespace ganeti::gluster {

void log_message(LogLevel level, std::string_view message) noexcept;

template <typename... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) noexcept {
  try {
    log_message(level, fmt::format(format, std::forward<Args>(args)...));
  } catch (...) {
    log_message(LogLevel::error, "a log message could not be formatted");
  }
}

}  // namespace ganeti::gluster
