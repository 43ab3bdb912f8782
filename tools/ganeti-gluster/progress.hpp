// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ganeti::gluster::tool {

struct WorkDone {
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;
  std::chrono::seconds elapsed{0};
};

/// One line of at most @p width characters: a bar if there is room for it, percent alone if there is
/// room for nothing else.
[[nodiscard]] std::string progress_text(const WorkDone& work, std::size_t width);

/// Says on standard error how far long work is: on a terminal by one line, ten times a second at most,
/// which goes with the object; as JSON by an object a line, once a second at most and at the end.
class ProgressReport {
 public:
  enum class Form { none, line, json };

  explicit ProgressReport(Form form) : form_(form), started_(Clock::now()), due_(started_) {}
  ProgressReport(const ProgressReport&) = delete;
  ProgressReport& operator=(const ProgressReport&) = delete;
  ~ProgressReport();

  void show(std::uint64_t done_bytes, std::uint64_t total_bytes);

 private:
  using Clock = std::chrono::steady_clock;
  void print_line(const std::string& text);

  Form form_;
  Clock::time_point started_;
  Clock::time_point due_;
  std::size_t shown_ = 0;  // characters that stand on the terminal
};

}  // namespace ganeti::gluster::tool
