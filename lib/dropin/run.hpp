// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ganeti::gluster {

struct Outcome {
  std::optional<int> status;  ///< nothing if it was killed
  bool timed_out = false;
  std::string output;
};

/// Runs a program to its end, or kills it after @p limit. @throws Error if no process can be made.
[[nodiscard]] Outcome run(std::vector<std::string> argv, std::chrono::milliseconds limit);

}  // namespace ganeti::gluster
