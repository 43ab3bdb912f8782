// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <csignal>
#include <string>

namespace ganeti::gluster::tool {

/// While it lives, Ctrl-C, SIGTERM and the end of the terminal do not end the process but are noted,
/// so that long work can end in good order. Those that were ignored before stay ignored. One at a time.
class CancelSignals {
 public:
  CancelSignals();
  CancelSignals(const CancelSignals&) = delete;
  CancelSignals& operator=(const CancelSignals&) = delete;
  ~CancelSignals();

  /// Name of the one that came last since an object was made; empty: none yet.
  [[nodiscard]] static std::string received();

 private:
  static constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace ganeti::gluster::tool
