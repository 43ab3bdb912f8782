// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// Locks a file below @p dir for this process alone, as long as the descriptor lives; creates it, mode 0600, if it is
/// missing. The file must not be replaced or unlinked by those who lock it.
/// @returns nothing if somebody else has the lock. @throws Error if the file cannot be opened.
[[nodiscard]] std::optional<UniqueFd> try_lock_file(int dir, const std::string& name);

/// Sleeps for @p pause, but not past the deadline, and doubles it for the next time.
void pause_between_tries(std::chrono::milliseconds& pause, const Deadline& deadline);

/// Calls @p try_once, which returns an optional, until it returns something or the deadline has passed: flock(2) knows
/// no time limit without a signal or a thread, and a library may use neither.
template <typename Try>
auto keep_trying(const Deadline& deadline, Try try_once) {
  for (std::chrono::milliseconds pause(1);; pause_between_tries(pause, deadline)) {
    auto result = try_once();
    if (result || deadline.expired()) return result;
  }
}

}  // namespace ganeti::gluster
