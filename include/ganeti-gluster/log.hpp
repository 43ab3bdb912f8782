// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string_view>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

enum class LogLevel { debug, info, warning, error };

/// Receives each message of the library: one line, no newline at its end.
///
/// A sink must not throw (what it throws is dropped: messages come from destructors too) and runs
/// in the process that calls the library, never in a child of ours.
using LogSink = std::function<void(LogLevel, std::string_view)>;

/// Replaces where messages go; an empty sink restores the default, which writes warnings and
/// errors to standard error. Not thread-safe: set it once, before the library is used.
GANETI_GLUSTER_API void set_log_sink(LogSink sink);

}  // namespace ganeti::gluster
