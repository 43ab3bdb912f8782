// SPDX-License-Identifier: BSD-2-Clause
#include "disk/fuse_file.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "disk/fuse_error.hpp"

namespace ganeti::gluster {

ImageAttributes read_fuse_attributes(int fd, const std::string& subject) {
  struct statx status {};
  if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &status) != 0) {
    throw_fuse_errno(subject, "cannot read the attributes of the image");
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
  if (ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0) throw_fuse_errno(subject_, "cannot set the size");
}

void FuseFile::set_mode(unsigned mode) {
  if (fchmod(fd_.get(), mode) != 0) throw_fuse_errno(subject_, "cannot set the mode");
}

void FuseFile::set_attribute(const char* name, const std::string& value) {
  if (fsetxattr(fd_.get(), name, value.data(), value.size(), 0) != 0) throw_fuse_errno(subject_, "cannot label it");
}

void FuseFile::allocate(std::uint64_t offset, std::uint64_t length) {
  while (fallocate(fd_.get(), 0, static_cast<off_t>(offset), static_cast<off_t>(length)) != 0) {
    if (errno != EINTR) throw_fuse_errno(subject_, "cannot reserve space");
  }
}

void FuseFile::write_zeros(std::uint64_t offset, std::uint64_t length) {
  constexpr std::uint64_t step_bytes = 1U << 20U;
  const std::vector<char> zeros(std::min(length, step_bytes));
  while (length > 0) {
    const auto written =
        pwrite(fd_.get(), zeros.data(), std::min<std::uint64_t>(length, zeros.size()), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_fuse_errno(subject_, "cannot write zeros");
    offset += static_cast<std::uint64_t>(written);
    length -= static_cast<std::uint64_t>(written);
  }
}

void FuseFile::sync() {
  if (fsync(fd_.get()) != 0) throw_fuse_errno(subject_, "cannot make the image durable");
}

bool FuseFile::try_lock() {
  // Far behind all data: QEMU locks some of the first 300 bytes of an image that a guest uses.
  constexpr off_t place = 1LL << 62U;
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = place;
  range.l_len = 1;
  if (fcntl(fd_.get(), F_OFD_SETLK, &range) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw_fuse_errno(subject_, "cannot lock the image");
}

}  // namespace ganeti::gluster
