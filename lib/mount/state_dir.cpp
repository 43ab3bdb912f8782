// SPDX-License-Identifier: BSD-2-Clause
#include "mount/state_dir.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
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

// @throws MountError
UniqueFd open_private_folder(const std::string& path) {
  try {
    return open_own_folder(path, 0700);
  } catch (const Error& error) {
    throw MountError(error.code(), error.text());
  }
}

// Hidden names are those of files that are being replaced, see replace_file().
bool is_temporary(const std::string& name) { return name.starts_with('.'); }

// Their last part is the number of the process that writes them.
bool has_writer(const std::string& temporary) {
  const pid_t pid = std::atoi(temporary.c_str() + temporary.rfind('.') + 1);
  return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}

void for_each_name(int parent, const std::string& folder, const std::function<void(int, const std::string&)>& visit) {
  UniqueFd fd(openat(parent, folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fd ? fdopendir(fd.get()) : nullptr, closedir);
  if (!dir) return;
  const int folder_fd = fd.release();  // closed by closedir from here on
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") visit(folder_fd, name);
  }
}

}  // namespace

StateDir::StateDir(const std::string& base, const std::string& real_path) : path_(base + "/" + escape_name(real_path)) {
  fd_.reset(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd_) return;  // made below, in an earlier call, inside a folder that only its user may enter
  open_private_folder(base);
  fd_ = open_private_folder(path_);
  if (mkdirat(fd_.get(), state_file::holds, 0700) != 0 && errno != EEXIST) {
    throw MountError(errno_code(errno), {path_, "cannot use the state directory", {}, {}});
  }
}

void StateDir::remove(const std::string& name) const noexcept { unlinkat(fd_.get(), name.c_str(), 0); }

void StateDir::for_each_file(const std::function<void(const std::string&)>& visit) const {
  for_each_name(fd_.get(), ".", [&](int, const std::string& name) {
    if (!is_temporary(name)) visit(name);
  });
}

void StateDir::remove_abandoned() const {
  for_each_name(fd_.get(), ".", [&](int, const std::string& name) {
    if (is_temporary(name) && !has_writer(name)) remove(name);
  });
}

void StateDir::for_each_record(const std::string& folder, const std::function<void(const Record&)>& visit) const {
  for_each_name(fd_.get(), folder, [&](int dir, const std::string& name) {
    if (is_temporary(name)) return;
    if (const auto record = Record::read(dir, name)) visit(*record);
  });
}

}  // namespace ganeti::gluster
