// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>

#include <CLI/CLI.hpp>

namespace ganeti::gluster::tool {

/// Reads `30s`, `30m`, `4h`, `2d` or `1w`: more than nothing, and at most ten years.
/// @throws std::invalid_argument saying what is wrong.
[[nodiscard]] std::chrono::seconds parse_time_span(const std::string& text);

/// Adds an option, or an argument, whose value is such a time span.
template <typename Span>
CLI::Option* add_time_span(CLI::App& command, const std::string& name, Span& span, const std::string& help) {
  const auto set = [name, &span](const std::string& text) {
    try {
      span = parse_time_span(text);
    } catch (const std::invalid_argument& error) {
      throw CLI::ValidationError(name, error.what());
    }
  };
  return command.add_option_function<std::string>(name, set, help);
}

/// Seconds since 1970.
[[nodiscard]] std::int64_t seconds_now();

}  // namespace ganeti::gluster::tool
