// SPDX-License-Identifier: BSD-2-Clause
#include "mount/storage_dir.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/filesystem/path.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "base/path.hpp"

namespace ganeti::gluster {
namespace {

namespace fs = boost::filesystem;

[[noreturn]] void throw_unsafe(const std::string& path, const std::string& why, const std::string& cure) {
  throw MountError(Errc::unsafe_storage_dir, {path, "cannot use the storage dir", why, cure});
}

// Ganeti's own users and groups carry a prefix chosen when it is built; Debian's is this one.
bool is_ganetis(const char* name) { return name != nullptr && std::string_view(name).starts_with("gnt-"); }

bool trusted_user(uid_t uid) {
  if (uid == 0) return true;
  const passwd* user = getpwuid(uid);
  return user != nullptr && is_ganetis(user->pw_name);
}

bool trusted_group(gid_t gid) {
  if (gid == 0) return true;
  const group* entry = getgrgid(gid);
  return entry != nullptr && is_ganetis(entry->gr_name);
}

// Who may write a directory may replace what is in it, unless it is sticky.
void check_parent(const std::string& spelled, const std::string& parent) {
  struct stat status {};
  if (stat(parent.c_str(), &status) != 0) {
    throw MountError(errno_code(errno), {spelled, fmt::format("cannot look at {}", parent), {}, {}});
  }
  const auto mode = status.st_mode;
  const auto cure = fmt::format("chown root:root {0} && chmod 755 {0}", parent);
  if (!trusted_user(status.st_uid)) {
    throw_unsafe(spelled, fmt::format("{} belongs to user {}, who may replace it", parent, status.st_uid), cure);
  }
  if ((mode & S_ISVTX) != 0) return;
  if ((mode & S_IWOTH) != 0 || ((mode & S_IWGRP) != 0 && !trusted_group(status.st_gid))) {
    throw_unsafe(spelled, fmt::format("{} (mode {:04o}) lets other users replace it", parent, mode & 07777U), cure);
  }
}

}  // namespace

StorageDir::StorageDir(const std::string& path) : spelled_(normalise_path(path)) {
  const fs::path normal(spelled_);
  if (!normal.is_absolute() || normal.relative_path().empty() || path.find('\0') != std::string::npos) {
    throw_unsafe(path, "it must be an absolute path below /", "set gluster_storage_dir to one");
  }
  parent_ = normal.parent_path().string();
  name_ = normal.filename().string();
}

UniqueFd StorageDir::open_parent() const {
  UniqueFd parent(open(parent_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!parent && errno != ENOENT) {
    throw MountError(errno_code(errno), {spelled_, fmt::format("cannot open {}", parent_), {}, {}});
  }
  return parent;
}

std::optional<std::string> StorageDir::real() const {
  const auto parent = open_parent();
  if (!parent) return std::nullopt;
  const auto path = read_link(AT_FDCWD, fmt::format("/proc/self/fd/{}", parent.get()));
  if (!path) throw MountError(errno_code(errno), {spelled_, "cannot resolve the parent", "/proc is not there", {}});
  return (fs::path(*path) / name_).string();
}

std::optional<StorageDirView> StorageDir::look() const {
  const auto parent = open_parent();
  if (!parent) return std::nullopt;
  // O_PATH and DONT_SYNC: neither asks the file system, so that neither waits for a hung client.
  StorageDirView view;
  view.root.reset(openat(parent.get(), name_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!view.root && errno == ENOENT) return std::nullopt;
  struct statx status {};
  if (!view.root ||
      statx(view.root.get(), "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_MNT_ID, &status) != 0) {
    throw MountError(errno_code(errno), {spelled_, "cannot look at the storage dir", {}, {}});
  }
  if (S_ISLNK(status.stx_mode)) {
    throw_unsafe(spelled_, "it is a symbolic link", "name the directory itself as gluster_storage_dir");
  }
  if (!S_ISDIR(status.stx_mode)) {
    throw MountError(errno_code(ENOTDIR),
                     {spelled_, "cannot use the storage dir", "it is no directory", "move that file away"});
  }
  view.mount_id = static_cast<std::int64_t>(status.stx_mnt_id);
  view.device_major = status.stx_dev_major;
  view.device_minor = status.stx_dev_minor;
  view.is_mount_point = (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return view;
}

void StorageDir::create() const {
  make_directories(parent_, 0755);
  const auto path = real();
  if (!path) throw MountError(errno_code(ENOENT), {spelled_, "cannot create the storage dir", {}, {}});
  check_parents();
  make_directories(*path, 0755);
}

void StorageDir::check_parents() const {
  const auto path = real();
  if (!path) return;
  for (auto above = fs::path(*path).parent_path(); !above.empty(); above = above.parent_path()) {
    check_parent(spelled_, above.string());
  }
}

std::vector<std::string> StorageDir::covered_entries() const {
  const auto parent = open_parent();
  if (!parent) return {};
  // A copy of the parent's own mount has nothing mounted on it.
  const UniqueFd below(open_tree(parent.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
  if (!below) throw MountError(errno_code(errno), {spelled_, "cannot look below the mount", {}, "run this as root"});
  const UniqueFd bare(openat(below.get(), name_.c_str(), O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
  return bare ? entries(bare.get()) : std::vector<std::string>();
}

std::vector<std::string> StorageDir::entries(int bare) {
  std::vector<std::string> names;
  UniqueFd readable(openat(bare, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(readable ? fdopendir(readable.get()) : nullptr, closedir);
  if (!dir) return names;
  static_cast<void>(readable.release());  // closed by closedir from here on
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

}  // namespace ganeti::gluster
