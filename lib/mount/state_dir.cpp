// SPDX-License-Identifier: BSD-2-Clause
#include "mount/state_dir.hpp"

#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

[[noreturn]] void throw_state_error(int number, const std::string& path, const std::string& why) {
  throw MountError(errno_code(number), {path, "cannot use the state directory", why,
                                        number == EACCES || number == EPERM ? "run this as root" : ""});
}

UniqueFd open_private_folder(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd && errno == ENOENT) {
    make_directories(path, 0700);
    fd.reset(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0) throw_state_error(errno, path, {});
  if (status.st_uid != geteuid() || (status.st_mode & 022U) != 0) {
    throw_state_error(EPERM, path, "others than its user may write it");
  }
  return fd;
}

// Hidden names are left out: they are those of files that are being replaced.
void for_each_name(int parent, const std::string& folder, const std::function<void(int, const std::string&)>& visit) {
  UniqueFd fd(openat(parent, folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fd ? fdopendir(fd.get()) : nullptr, closedir);
  if (!dir) return;
  const int folder_fd = fd.release();  // closed by closedir from here on
  while (const dirent* entry = readdir(dir.get())) {
    if (entry->d_name[0] != '.') visit(folder_fd, entry->d_name);
  }
}

}  // namespace

StateDir::StateDir(const std::string& base, const std::string& real_path) : path_(base + "/" + escape_name(real_path)) {
  fd_.reset(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd_) return;  // made below, in an earlier call, inside a folder that only its user may enter
  open_private_folder(base);
  fd_ = open_private_folder(path_);
  if (mkdirat(fd_.get(), state_file::holds, 0700) != 0 && errno != EEXIST) throw_state_error(errno, path_, {});
}

void StateDir::remove(const std::string& name) const noexcept { unlinkat(fd_.get(), name.c_str(), 0); }

void StateDir::for_each_file(const std::function<void(const std::string&)>& visit) const {
  for_each_name(fd_.get(), ".", [&](int, const std::string& name) { visit(name); });
}

void StateDir::for_each_record(const std::string& folder, const std::function<void(const Record&)>& visit) const {
  for_each_name(fd_.get(), folder, [&](int dir, const std::string& name) {
    if (const auto record = Record::read(dir, name)) visit(*record);
  });
}

}  // namespace ganeti::gluster
