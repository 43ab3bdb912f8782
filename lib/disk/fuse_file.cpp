// SPDX-License-Identifier: BSD-2-Clause
#include "disk/fuse_file.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "disk/creator_lock.hpp"
#include "disk/store_error.hpp"

namespace ganeti::gluster {
namespace {

struct Range {
  std::uint64_t offset;
  std::uint64_t length;
};

void change_space(int fd, int mode, const Range& range, const std::string& subject, const char* failed) {
  while (fallocate(fd, mode, static_cast<off_t>(range.offset), static_cast<off_t>(range.length)) != 0) {
    if (errno != EINTR) throw_store_error(errno, subject, failed);
  }
}

}  // namespace

ImageAttributes read_fuse_attributes(int fd, const std::string& subject) {
  struct statx status {};
  if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &status) != 0) {
    throw_store_error(errno, subject, "cannot read the attributes of the image");
  }
  constexpr std::uint64_t block_bytes = 512;
  return {.is_regular = S_ISREG(status.stx_mode),
          .size_bytes = status.stx_size,
          .allocated_bytes = status.stx_blocks * block_bytes,
          .mode = status.stx_mode & 07777U,
          .inode = status.stx_ino,
          .links = status.stx_nlink};
}

void FuseFile::truncate(std::uint64_t size_bytes) {
  if (ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0)
    throw_store_error(errno, subject_, "cannot set the size");
}

void FuseFile::set_mode(unsigned mode) {
  if (fchmod(fd_.get(), mode) != 0) throw_store_error(errno, subject_, "cannot set the mode");
}

void FuseFile::set_attribute(const char* name, const std::string& value) {
  if (fsetxattr(fd_.get(), name, value.data(), value.size(), 0) != 0)
    throw_store_error(errno, subject_, "cannot label it");
}

void FuseFile::allocate(std::uint64_t offset, std::uint64_t length) {
  change_space(fd_.get(), 0, {offset, length}, subject_, "cannot reserve space");
}

void FuseFile::punch(std::uint64_t offset, std::uint64_t length) {
  constexpr int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  change_space(fd_.get(), mode, {offset, length}, subject_, "cannot give space back");
}

// The kernel keeps pages of a file beyond its closing, and believes them for a second without asking.
void FuseFile::forget(std::uint64_t offset, std::uint64_t length) {
  posix_fadvise(fd_.get(), static_cast<off_t>(offset), static_cast<off_t>(length), POSIX_FADV_DONTNEED);
}

// The kernel hands writes on at once, so that nothing of them need stay. O_DIRECT would be half as fast:
// each request would wait for the bricks' disks.
void FuseFile::write_all(std::uint64_t offset, std::span<const char> bytes, const char* failed) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto written = pwrite(fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_store_error(errno, subject_, failed);
    done += static_cast<std::size_t>(written);
  }
  forget(offset, bytes.size());
}

void FuseFile::write(std::uint64_t offset, std::span<const char> bytes) {
  write_all(offset, bytes, "cannot write to the image");
}

void FuseFile::write_zeros(std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t step_bytes = 1U << 20U;
  const std::vector<char> zeros(std::min(length, step_bytes));
  while (length > 0) {
    const auto step = std::span(zeros).first(std::min<std::uint64_t>(length, zeros.size()));
    write_all(offset, step, "cannot write zeros");
    offset += step.size();
    length -= step.size();
  }
}

std::size_t FuseFile::read(std::uint64_t offset, std::span<char> buffer) {
  forget(offset, buffer.size());
  ssize_t got = 0;
  do {
    got = pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw_store_error(errno, subject_, "cannot read the image");
  forget(offset, buffer.size());
  return static_cast<std::size_t>(got);
}

std::optional<std::uint64_t> FuseFile::find_data(std::uint64_t offset) {
  const auto found = lseek(fd_.get(), static_cast<off_t>(offset), SEEK_DATA);
  if (found >= 0) return static_cast<std::uint64_t>(found);
  if (errno == ENXIO) return std::numeric_limits<std::uint64_t>::max();
  if (errno == EOPNOTSUPP) return std::nullopt;  // a sharded volume
  throw_store_error(errno, subject_, "cannot look for data in the image");
}

void FuseFile::sync() {
  if (fsync(fd_.get()) != 0) throw_store_error(errno, subject_, "cannot make the image durable");
}

bool FuseFile::try_lock() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(creator_lock_place);
  range.l_len = 1;
  if (fcntl(fd_.get(), F_OFD_SETLK, &range) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw_store_error(errno, subject_, "cannot lock the image");
}

}  // namespace ganeti::gluster
