// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/fuse_store.hpp>

#include <cerrno>
#include <chrono>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/unique_fd.hpp"
#include "disk/fuse_file.hpp"
#include "disk/image_state.hpp"
#include "disk/store_error.hpp"
#include "mount/volume_graph.hpp"

namespace ganeti::gluster {
namespace {

UniqueFd open_beneath(int root, const std::string& path, int flags, unsigned mode = 0) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC | O_NOFOLLOW;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
  return UniqueFd(static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how))));
}

// @returns nothing if the file has no name any more.
std::optional<ImageAttributes> find_fuse_attributes(int fd, const std::string& subject) {
  try {
    const auto attributes = read_fuse_attributes(fd, subject);
    return attributes.links > 0 ? std::optional(attributes) : std::nullopt;
  } catch (const ImageError& error) {
    if (is_gone(error)) return std::nullopt;
    throw;
  }
}

// @param fd none if errno says why it could not be opened.
std::unique_ptr<ImageFile> open_image(UniqueFd fd, const std::string& subject) {
  constexpr const char* failed = "cannot open the image";
  if (!fd) throw_store_error(errno, subject, failed);
  auto file = std::make_unique<FuseFile>(std::move(fd), subject);
  if (!file->attributes().is_regular) throw_not_an_image(subject, failed);
  return file;
}

void require_whole_volume(const Lease& lease, const std::string& subject) {
  const auto silent = silent_parts(lease.root());
  if (!silent.empty()) throw_silent_parts(silent, subject, lease.volume().name());
}

struct CloseDir {
  void operator()(DIR* dir) const noexcept { closedir(dir); }
};

// Calls visit(folder, name) for all that lies in the folder of disks, if there is one.
template <typename Visit>
void visit_folder(const Lease& lease, const char* failed, Visit visit) {
  const auto subject = fmt::format("{}/{}", lease.storage_dir(), DiskPath::folder());
  auto fd = open_beneath(lease.root(), DiskPath::folder(), O_RDONLY | O_DIRECTORY);
  if (!fd && errno == ENOENT) return;
  if (!fd) throw_store_error(errno, subject, failed);
  const std::unique_ptr<DIR, CloseDir> dir(fdopendir(fd.get()));
  if (!dir) throw_store_error(errno, subject, failed);
  static_cast<void>(fd.release());
  while (true) {
    errno = 0;
    const auto* entry = readdir(dir.get());
    if (entry == nullptr && errno != 0) throw_store_error(errno, subject, failed);
    if (entry == nullptr) return;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") visit(dirfd(dir.get()), entry->d_name);
  }
}

}  // namespace

std::optional<ImageAttributes> FuseStore::find(const DiskPath& disk) {
  lease_.check();
  // Kernel and client remember for a second, from the last look on, which file has the name. If that
  // one is gone, whether another one has it by now can only be told when nobody looked for longer.
  constexpr std::chrono::milliseconds patience{3000};
  constexpr std::chrono::milliseconds pause{1100};
  for (const auto end = std::chrono::steady_clock::now() + patience;; std::this_thread::sleep_for(pause)) {
    const auto fd = open_beneath(lease_.root(), disk.text(), O_PATH);
    if (!fd && errno == ENOENT) {
      require_whole_volume(lease_, describe(disk));
      return std::nullopt;
    }
    if (!fd && errno != ESTALE) throw_store_error(errno, describe(disk), cannot_look);
    const auto attributes = fd ? find_fuse_attributes(fd.get(), describe(disk)) : std::nullopt;
    if (attributes) return attributes;
    if (std::chrono::steady_clock::now() > end) break;
  }
  errno = ESTALE;
  throw_store_error(errno, describe(disk), cannot_look);
}

std::optional<std::string> FuseStore::find_attribute(const DiskPath& disk, const char* name) {
  lease_.check();
  const auto fd = open_beneath(lease_.root(), disk.text(), O_PATH);
  if (!fd) throw_store_error(errno, describe(disk), cannot_look);
  // No path that could lead elsewhere: the kernel goes to the very file that is open.
  const auto self = fmt::format("/proc/self/fd/{}", fd.get());
  std::string value(XATTR_SIZE_MAX, '\0');
  const auto size = getxattr(self.c_str(), name, value.data(), value.size());
  if (size < 0 && errno == ENODATA) return std::nullopt;
  if (size < 0) throw_store_error(errno, describe(disk), "cannot read what the image says of itself");
  value.resize(static_cast<std::size_t>(size));
  return value;
}

std::vector<std::string> FuseStore::list() {
  lease_.check();
  std::vector<std::string> names;
  visit_folder(lease_, "cannot list the disks", [&](int /*folder*/, const char* name) { names.emplace_back(name); });
  return names;
}

ImageTotals FuseStore::totals() {
  lease_.check();
  ImageTotals totals;
  visit_folder(lease_, "cannot add the sizes of the disks up", [&](int folder, const char* name) {
    struct stat status {};
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) return;
    ++totals.count;
    totals.size_bytes += static_cast<std::uint64_t>(status.st_size);
  });
  return totals;
}

std::unique_ptr<ImageFile> FuseStore::open(const DiskPath& disk) {
  lease_.check();
  return open_image(open_beneath(lease_.root(), disk.text(), O_RDWR | O_NONBLOCK), describe(disk));
}

std::unique_ptr<ImageFile> FuseStore::open_for_reading(const DiskPath& disk) {
  lease_.check();
  constexpr int flags = O_RDONLY | O_NONBLOCK;
  auto fd = open_beneath(lease_.root(), disk.text(), flags | O_DIRECT);
  // Bricks on a file system that has no such thing.
  if (!fd && errno == EINVAL) fd = open_beneath(lease_.root(), disk.text(), flags);
  return open_image(std::move(fd), describe(disk));
}

std::unique_ptr<ImageFile> FuseStore::create(const DiskPath& disk, unsigned mode) {
  lease_.check();
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL;
  auto fd = open_beneath(lease_.root(), disk.text(), flags, mode);
  if (!fd && errno == ENOENT) {
    const auto folder = DiskPath::folder();
    if (mkdirat(lease_.root(), folder.c_str(), 0750) != 0 && errno != EEXIST) {
      throw_store_error(errno, describe(disk), "cannot create the folder of disks");
    }
    fd = open_beneath(lease_.root(), disk.text(), flags, mode);
  }
  if (!fd) throw_store_error(errno, describe(disk), "cannot create the image");
  return std::make_unique<FuseFile>(std::move(fd), describe(disk));
}

void FuseStore::link(const DiskPath& from, const DiskPath& to) {
  constexpr const char* failed = "cannot give it a second name";
  lease_.check();
  const auto folder = open_beneath(lease_.root(), DiskPath::folder(), O_PATH | O_DIRECTORY);
  if (!folder) throw_store_error(errno, describe(from), failed);
  if (linkat(folder.get(), from.file_name().c_str(), folder.get(), to.file_name().c_str(), 0) == 0) return;
  throw_store_error(errno, describe(errno == EEXIST ? to : from), failed);
}

bool FuseStore::remove(const DiskPath& disk) {
  const auto attributes = find(disk);
  if (!attributes) return false;
  if (!attributes->is_regular) throw_not_an_image(describe(disk), "cannot remove the image");
  const auto folder = open_beneath(lease_.root(), DiskPath::folder(), O_PATH | O_DIRECTORY);
  if (!folder) throw_store_error(errno, describe(disk), "cannot open the folder of disks");
  if (unlinkat(folder.get(), disk.file_name().c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  throw_store_error(errno, describe(disk), "cannot remove the image");
}

VolumeSpace FuseStore::space() {
  lease_.check();
  struct statvfs status {};
  if (fstatvfs(lease_.root(), &status) != 0)
    throw_store_error(errno, lease_.storage_dir(), "cannot read the volume's sizes");
  return {.size_bytes = status.f_blocks * status.f_frsize,
          .free_bytes = status.f_bavail * status.f_frsize,
          .used_bytes = (status.f_blocks - status.f_bfree) * status.f_frsize};
}

std::string FuseStore::describe(const DiskPath& disk) const {
  return fmt::format("{}/{}", lease_.storage_dir(), disk.text());
}

}  // namespace ganeti::gluster
