// SPDX-License-Identifier: BSD-2-Clause
#include "base/log.hpp"

#include <cstdio>

namespace ganeti::gluster {
namespace {

void write_to_stderr(LogLevel level, std::string_view message) {
  if (level < LogLevel::warning) return;
  fmt::print(stderr, "{}: {}\n", level == LogLevel::warning ? "warning" : "error", message);
}

LogSink& current_sink() {
  static LogSink sink = write_to_stderr;
  return sink;
}

}  // namespace

void set_log_sink(LogSink sink) { current_sink() = sink ? std::move(sink) : LogSink(write_to_stderr); }

void log_message(LogLevel level, std::string_view message) noexcept {
  try {
    current_sink()(level, message);
  } catch (...) {  // a message is never worth an operation, and destructors log too
  }
}

}  // namespace ganeti::gluster
