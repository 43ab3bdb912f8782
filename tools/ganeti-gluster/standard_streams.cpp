// SPDX-License-Identifier: BSD-2-Clause
#include "standard_streams.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::tool {
namespace {

constexpr const char* input = "standard input";
constexpr const char* output = "standard output";

[[noreturn]] void throw_errno(const char* subject, const char* failed) {
  throw ImageError({errno, std::generic_category()}, {subject, failed, "", ""});
}

void check_stream(int fd, const char* subject, const char* failed, const char* cure) {
  const auto refuse = [&](int number, const char* why) {
    throw ArgumentError(ImageError({number, std::generic_category()}, {subject, failed, why, cure}));
  };
  if (fcntl(fd, F_GETFD) < 0) refuse(EBADF, "it is closed");
  if (isatty(fd) == 1) refuse(ENOTTY, "it is a terminal");
}

// A descriptor that others have made non-blocking.
bool is_not_ready() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

void StandardInput::check() {
  check_stream(STDIN_FILENO, input, "cannot import from it", "redirect it from a file or a pipe");
}

std::size_t StandardInput::read(std::span<char> buffer) {
  for (;;) {
    work_.await(STDIN_FILENO, POLLIN);
    const auto got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (!is_not_ready()) throw_errno(input, "cannot read the content for the image");
  }
}

void StandardOutput::check() {
  check_stream(STDOUT_FILENO, output, "cannot export to it", "redirect it to a file or a pipe");
}

StandardOutput::StandardOutput(const LongWork& work) : work_(work) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is an error like others
  struct stat status {};
  if (fstat(STDOUT_FILENO, &status) != 0) throw_errno(output, "cannot look at it");
  is_file_ = S_ISREG(status.st_mode);
  // What lies behind the place where it begins would show through holes.
  makes_holes_ = is_file_ && (static_cast<unsigned>(fcntl(STDOUT_FILENO, F_GETFL)) & unsigned{O_APPEND}) == 0 &&
                 lseek(STDOUT_FILENO, 0, SEEK_CUR) >= status.st_size;
}

void StandardOutput::write(std::span<const char> bytes) {
  while (!bytes.empty()) {
    work_.await(STDOUT_FILENO, POLLOUT);
    const auto written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && is_not_ready()) continue;
    if (written < 0) throw_errno(output, "cannot write the content of the image");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void StandardOutput::write_zeros(std::uint64_t length) {
  if (makes_holes_) {
    if (lseek(STDOUT_FILENO, static_cast<off_t>(length), SEEK_CUR) < 0) throw_errno(output, "cannot make a hole");
    return;
  }
  static const std::vector<char> zeros(1U << 20U);
  while (length > 0) {
    const auto step = std::min<std::uint64_t>(length, zeros.size());
    write(std::span(zeros).first(step));
    length -= step;
  }
}

void StandardOutput::finish() const {
  if (!is_file_) return;
  constexpr const char* failed = "cannot complete the file";
  if (makes_holes_ && ftruncate(STDOUT_FILENO, lseek(STDOUT_FILENO, 0, SEEK_CUR)) != 0) throw_errno(output, failed);
  if (fsync(STDOUT_FILENO) != 0) throw_errno(output, failed);
}

}  // namespace ganeti::gluster::tool
