// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker/file.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace ganeti::gluster {
namespace {

// Written, not asked for: the bricks' file systems would only note that the range reads as zeros.
int write_zeros(glfs_fd_t* file, std::uint64_t offset, std::uint64_t length) {
  const std::vector<char> zeros(std::min<std::uint64_t>(length, most_payload));
  while (length > 0) {
    const auto step = std::min<std::uint64_t>(length, zeros.size());
    const int error = write_all(file, static_cast<off_t>(offset), {zeros.data(), step});
    if (error != 0) return error;
    offset += step;
    length -= step;
  }
  return 0;
}

int read(glfs_fd_t* file, const Request& request, std::string& result) {
  result.resize(std::min<std::uint64_t>(request.length, most_payload));
  const auto got = glfs_pread(file, result.data(), result.size(), static_cast<off_t>(request.offset), 0, nullptr);
  result.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return outcome(got);
}

int find_data(glfs_fd_t* file, std::uint64_t offset, Answer& answer) {
  const auto found = glfs_lseek(file, static_cast<off_t>(offset), SEEK_DATA);
  const bool none = found < 0 && errno == ENXIO;
  answer.numbers[0] = none ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(found);
  return none ? 0 : outcome(found);
}

int try_lock(glfs_fd_t* file, const Request& request) {
  // Each open file is an owner of its own; otherwise all files of a process were one.
  auto owner = request.file;
  glfs_fd_set_lkowner(file, &owner, sizeof(owner));
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(request.offset);
  range.l_len = static_cast<off_t>(request.length);
  return outcome(glfs_posix_lock(file, F_SETLK, &range));
}

int set_attribute(glfs_fd_t* file, std::string_view data) {
  const std::string name(data.substr(0, data.find('\0')));
  data.remove_prefix(std::min(name.size() + 1, data.size()));
  return outcome(glfs_fsetxattr(file, name.c_str(), data.data(), data.size(), 0));
}

int read_attributes(glfs_fd_t* file, Answer& answer) {
  struct stat status {};
  const int error = outcome(glfs_fstat(file, &status));
  answer.attributes = to_attributes(status);
  return error;
}

}  // namespace

int outcome(ssize_t result) { return result >= 0 ? 0 : (errno != 0 ? errno : EIO); }

int write_all(glfs_fd_t* file, off_t offset, std::string_view data) {
  while (!data.empty()) {
    const auto written = glfs_pwrite(file, data.data(), data.size(), offset, 0, nullptr, nullptr);
    if (written < 0) return outcome(written);
    data.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return 0;
}

ImageAttributes to_attributes(const struct stat& status) {
  constexpr std::uint64_t block_bytes = 512;
  return {.is_regular = S_ISREG(status.st_mode),
          .size_bytes = static_cast<std::uint64_t>(status.st_size),
          .allocated_bytes = static_cast<std::uint64_t>(status.st_blocks) * block_bytes,
          .mode = status.st_mode & 07777U,
          .inode = status.st_ino,
          .links = status.st_nlink};
}

int run_on_file(glfs_fd_t* file, const Request& request, std::string_view data, Answer& answer, std::string& result) {
  const auto offset = static_cast<off_t>(request.offset);
  errno = 0;
  switch (request.operation) {
    case Operation::attributes:
      return read_attributes(file, answer);
    case Operation::truncate:
      return outcome(glfs_ftruncate(file, static_cast<off_t>(request.length), nullptr, nullptr));
    case Operation::set_mode:
      return outcome(glfs_fchmod(file, request.mode));
    case Operation::set_attribute:
      return set_attribute(file, data);
    case Operation::allocate:
      return outcome(glfs_fallocate(file, 0, offset, request.length));
    case Operation::write_zeros:
      return write_zeros(file, request.offset, request.length);
    case Operation::read:
      return read(file, request, result);
    case Operation::write:
      return write_all(file, offset, data);
    case Operation::punch:
      return outcome(glfs_discard(file, offset, request.length));
    case Operation::find_data:
      return find_data(file, request.offset, answer);
    case Operation::sync:
      return outcome(glfs_fsync(file, nullptr, nullptr));
    case Operation::try_lock:
      return try_lock(file, request);
    default:
      return ENOSYS;
  }
}

}  // namespace ganeti::gluster
