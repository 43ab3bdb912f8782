// SPDX-License-Identifier: BSD-2-Clause
#include "long_work.hpp"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

ProgressReport::Form form_for(const Options& options) {
  if (options.json) return ProgressReport::Form::json;
  // The messages for debugging would stand in the midst of the line.
  return isatty(STDERR_FILENO) == 1 && !options.debug ? ProgressReport::Form::line : ProgressReport::Form::none;
}

}  // namespace

LongWork::LongWork(const Options& options, Words words) : words_(std::move(words)), report_(form_for(options)) {}

void LongWork::throw_if_cancelled() const {
  const auto signal = CancelSignals::received();
  if (signal.empty()) return;
  throw ImageError(std::make_error_code(std::errc::operation_canceled),
                   {words_.subject, words_.failed,
                    fmt::format("cancelled by {} after {}", signal, format_size(done_bytes_)), words_.consequence});
}

void LongWork::show(std::uint64_t done_bytes, std::uint64_t total_bytes) {
  done_bytes_ = done_bytes;
  throw_if_cancelled();
  report_.show(done_bytes, total_bytes);
}

void LongWork::await(int fd, short events) const {
  // A signal that comes between the look at it and the wait is seen at the next look.
  constexpr int between_looks_ms = 500;
  pollfd waited{fd, events, 0};
  do {
    throw_if_cancelled();
  } while (poll(&waited, 1, between_looks_ms) <= 0);
  throw_if_cancelled();  // as such a signal may also be why the other end has gone
}

}  // namespace ganeti::gluster::tool
