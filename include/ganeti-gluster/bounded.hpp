// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What @p part returns, made in a child process: for looks at a node that may be ill, one of which must not
/// hold up the others. After @p limit the child is killed, or left behind if a system call keeps it.
/// At most 1 MiB is returned; the rest is lost. The child logs nothing. Not for processes with threads.
/// @throws Error (ETIMEDOUT) after @p limit; (ECHILD), with what @p part threw as the cause, if it failed.
[[nodiscard]] GANETI_GLUSTER_API std::string run_bounded(const std::function<std::string()>& part,
                                                         std::chrono::milliseconds limit);

}  // namespace ganeti::gluster
