// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

namespace ganeti::gluster {

/// While it lives, the process ends, and says why, when the time is over: connecting by libgfapi knows no limit and
/// cannot be given up. One at a time.
class ConnectLimit {
 public:
  explicit ConnectLimit(std::chrono::milliseconds limit);
  ConnectLimit(const ConnectLimit&) = delete;
  ConnectLimit& operator=(const ConnectLimit&) = delete;
  ~ConnectLimit();
};

}  // namespace ganeti::gluster
