// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/fuse_store.hpp>

#include <cerrno>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {
namespace {

std::string look_at(const std::string& path) { return "look at it with: ls -ld " + path; }

[[noreturn]] void throw_errno(const std::string& subject, const char* failed) {
  const int number = errno;
  // ECONNABORTED for who waited when the client died, EBADFD for a file that too few bricks kept open.
  if (number == ENOTCONN || number == ECONNABORTED || number == EBADFD) {
    throw MountError(Errc::mount_lost, {subject, failed, "the volume stopped answering",
                                        "check with: ganeti-gluster status; then try again"});
  }
  if (number == ELOOP || number == EXDEV || number == ENXIO) {
    throw ImageError(Errc::not_an_image,
                     {subject, failed, "a symbolic link, a mount or a device stands in the path", look_at(subject)});
  }
  throw ImageError(errno_code(number), {subject, failed, {}, {}});
}

UniqueFd open_beneath(int root, const std::string& path, int flags, unsigned mode = 0) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC | O_NOFOLLOW;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
  return UniqueFd(static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how))));
}

// Asks the volume, not the kernel's cache, which may be a second old.
ImageAttributes read_attributes(int fd, const std::string& subject) {
  struct statx status {};
  if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &status) != 0) {
    throw_errno(subject, "cannot read the attributes of the image");
  }
  constexpr std::uint64_t block_bytes = 512;
  return {S_ISREG(status.stx_mode), status.stx_size, status.stx_blocks * block_bytes, status.stx_mode & 07777U};
}

class FuseFile final : public ImageFile {
 public:
  FuseFile(UniqueFd fd, std::string subject) : fd_(std::move(fd)), subject_(std::move(subject)) {}

  [[nodiscard]] ImageAttributes attributes() override { return read_attributes(fd_.get(), subject_); }

  void truncate(std::uint64_t size_bytes) override {
    if (ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0) throw_errno(subject_, "cannot set the size");
  }
  void set_mode(unsigned mode) override {
    if (fchmod(fd_.get(), mode) != 0) throw_errno(subject_, "cannot set the mode");
  }
  void sync() override {
    if (fsync(fd_.get()) != 0) throw_errno(subject_, "cannot make the image durable");
  }
  [[nodiscard]] bool try_lock() override {
    struct flock range {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    if (fcntl(fd_.get(), F_OFD_SETLK, &range) == 0) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    throw_errno(subject_, "cannot lock the image");
  }

 private:
  UniqueFd fd_;
  std::string subject_;
};

}  // namespace

std::optional<ImageAttributes> FuseStore::find(const DiskPath& disk) {
  lease_.check();
  const auto fd = open_beneath(lease_.root(), disk.text(), O_PATH);
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) throw_errno(describe(disk), "cannot look at the image");
  return read_attributes(fd.get(), describe(disk));
}

std::unique_ptr<ImageFile> FuseStore::open(const DiskPath& disk) {
  lease_.check();
  auto fd = open_beneath(lease_.root(), disk.text(), O_RDWR | O_NONBLOCK);
  if (!fd) throw_errno(describe(disk), "cannot open the image");
  auto file = std::make_unique<FuseFile>(std::move(fd), describe(disk));
  if (!file->attributes().is_regular) {
    throw ImageError(Errc::not_an_image, {describe(disk), "cannot open the image", {}, look_at(describe(disk))});
  }
  return file;
}

std::unique_ptr<ImageFile> FuseStore::create(const DiskPath& disk, unsigned mode) {
  lease_.check();
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL;
  auto fd = open_beneath(lease_.root(), disk.text(), flags, mode);
  if (!fd && errno == ENOENT) {
    const auto folder = DiskPath::folder();
    if (mkdirat(lease_.root(), folder.c_str(), 0750) != 0 && errno != EEXIST) {
      throw_errno(describe(disk), "cannot create the folder of disks");
    }
    const auto root = open_beneath(lease_.root(), ".", O_RDONLY | O_DIRECTORY);
    if (!root || fsync(root.get()) != 0) throw_errno(describe(disk), "cannot make the folder of disks durable");
    fd = open_beneath(lease_.root(), disk.text(), flags, mode);
  }
  if (!fd) throw_errno(describe(disk), "cannot create the image");
  return std::make_unique<FuseFile>(std::move(fd), describe(disk));
}

bool FuseStore::remove(const DiskPath& disk) {
  const auto attributes = find(disk);
  if (!attributes) return false;
  if (!attributes->is_regular) {
    throw ImageError(Errc::not_an_image, {describe(disk), "cannot remove the image", {}, look_at(describe(disk))});
  }
  const auto folder = open_beneath(lease_.root(), DiskPath::folder(), O_PATH | O_DIRECTORY);
  if (!folder) throw_errno(describe(disk), "cannot open the folder of disks");
  if (unlinkat(folder.get(), disk.file_name().c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  throw_errno(describe(disk), "cannot remove the image");
}

void FuseStore::sync_folder() {
  const auto folder = open_beneath(lease_.root(), DiskPath::folder(), O_RDONLY | O_DIRECTORY);
  if (!folder && errno == ENOENT) return;
  if (!folder || fsync(folder.get()) != 0) {
    throw_errno(fmt::format("{}/{}", lease_.storage_dir(), DiskPath::folder()), "cannot make the folder durable");
  }
}

VolumeSpace FuseStore::space() {
  lease_.check();
  const auto root = open_beneath(lease_.root(), ".", O_RDONLY | O_DIRECTORY);
  struct statvfs status {};
  if (!root || fstatvfs(root.get(), &status) != 0) throw_errno(lease_.storage_dir(), "cannot read the volume's size");
  return {status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize};
}

std::string FuseStore::describe(const DiskPath& disk) const {
  return fmt::format("{}/{}", lease_.storage_dir(), disk.text());
}

}  // namespace ganeti::gluster
