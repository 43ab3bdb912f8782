// SPDX-License-Identifier: BSD-2-Clause
#include "progress.hpp"

#include <algorithm>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "age.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

using namespace std::chrono_literals;

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// A terminal that is gone must not end the work.
void write(const std::string& text) { std::fputs(text.c_str(), stderr); }

}  // namespace

std::string progress_text(const WorkDone& work, std::size_t width) {
  constexpr std::size_t most_bar = 40;
  constexpr std::size_t least_bar = 10;
  const auto ratio = static_cast<double>(work.done_bytes) / static_cast<double>(work.total_bytes);
  const auto percent = fmt::format("{:3}%", static_cast<int>(ratio * 100));
  auto text = fmt::format("{}  {} of {}", percent, format_size(work.done_bytes), format_size(work.total_bytes));
  if (ratio > 0 && ratio < 1 && work.elapsed > 0s) {
    const auto left = static_cast<double>(work.elapsed.count()) * (1 / ratio - 1);
    text += fmt::format(", {} left", format_age(static_cast<std::int64_t>(left)));
  }
  constexpr std::size_t frame = 4;  // the brackets and two blanks
  if (width >= text.size() + frame + least_bar) {
    const auto bar = std::min(most_bar, width - text.size() - frame);
    const auto filled = static_cast<std::size_t>(ratio * static_cast<double>(bar));
    return fmt::format("[{:<{}}]  {}", std::string(filled, '#'), bar, text);
  }
  return width >= text.size() ? text : percent.substr(0, width);
}

void ProgressReport::show(std::uint64_t done_bytes, std::uint64_t total_bytes) {
  const auto now = Clock::now();
  if (form_ == Form::none || (now < due_ && done_bytes < total_bytes)) return;
  due_ = now + (form_ == Form::json ? 1000ms : 100ms);
  if (form_ == Form::json) {
    write(fmt::format("{{\"progress\": {{\"done_bytes\": {}, \"total_bytes\": {}}}}}\n", done_bytes, total_bytes));
    return;
  }
  const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - started_);
  // A character in the last column would move some terminals to the next line.
  print_line(progress_text({done_bytes, total_bytes, elapsed}, terminal_width() - 1));
}

// Blanks, not a control sequence: every terminal knows them.
void ProgressReport::print_line(const std::string& text) {
  write(fmt::format("\r{:{}}\r{}", "", shown_, text));
  shown_ = text.size();
}

ProgressReport::~ProgressReport() {
  if (shown_ > 0) print_line("");
}

}  // namespace ganeti::gluster::tool
