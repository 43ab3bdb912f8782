// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "cancel.hpp"
#include "options.hpp"
#include "progress.hpp"

namespace ganeti::gluster::tool {

/// Work that may take long: while the object lives it shows how far the work is, and Ctrl-C, SIGTERM
/// and the end of the terminal cancel it. One at a time.
class LongWork {
 public:
  /// What is said if it is cancelled.
  struct Words {
    std::string subject;
    const char* failed = "";
    const char* consequence = "";
  };
  LongWork(const Options& options, Words words);

  /// @throws ImageError (ECANCELED) if it is to be cancelled
  void show(std::uint64_t done_bytes, std::uint64_t total_bytes);
  /// Waits until a descriptor is ready for some of the poll(2) @p events. @throws as show
  void await(int fd, short events) const;

 private:
  void throw_if_cancelled() const;

  Words words_;
  CancelSignals signals_;
  ProgressReport report_;
  std::uint64_t done_bytes_ = 0;
};

}  // namespace ganeti::gluster::tool
