// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

namespace ganeti::gluster {

/// A worker that nobody has asked anything for so long, and that has no file open, ends.
constexpr std::chrono::seconds idle_limit{10};

}  // namespace ganeti::gluster
