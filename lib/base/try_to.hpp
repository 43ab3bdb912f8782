// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <exception>
#include <string>

#include "base/log.hpp"

namespace ganeti::gluster {

/// Runs what must not change how the caller's work ends, as undoing the steps of what has failed: its
/// own failure is logged as a warning, "SUBJECT: cannot WHAT: ...".
template <typename Function>
void try_to(const char* what, const std::string& subject, Function function) noexcept {
  try {
    function();
  } catch (const std::exception& error) {
    log(LogLevel::warning, "{}: cannot {}: {}", subject, what, error.what());
  }
}

}  // namespace ganeti::gluster
