// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <chrono>

namespace ganeti::gluster {

using Clock = std::chrono::steady_clock;

/// A point in time that several waits share, so that their sum stays within one limit.
class Deadline {
 public:
  [[nodiscard]] static Deadline in(std::chrono::milliseconds limit) { return Deadline(Clock::now() + limit); }

  /// The earlier of this deadline and @p limit from now.
  [[nodiscard]] Deadline within(std::chrono::milliseconds limit) const {
    return Deadline(std::min(when_, Clock::now() + limit));
  }
  [[nodiscard]] bool expired() const { return Clock::now() >= when_; }
  /// Time left, never negative, rounded up so that a wait for it does not end too early.
  [[nodiscard]] std::chrono::milliseconds left() const {
    return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(when_ - Clock::now()));
  }

 private:
  explicit Deadline(Clock::time_point when) : when_(when) {}
  Clock::time_point when_;
};

}  // namespace ganeti::gluster
