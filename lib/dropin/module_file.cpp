// SPDX-License-Identifier: BSD-2-Clause
#include "dropin/module_file.hpp"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"

namespace ganeti::gluster {
bool is_our_module(std::string_view text) { return text.starts_with("# Put in place by ganeti-gluster "); }

ModuleFolder::ModuleFolder(const std::string& path, Purpose purpose)
    : path_(path), dir_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!dir_) fail("cannot open", "");
  if (purpose == Purpose::change && flock(dir_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("cannot lock", "");
    throw Error(errno_code(EBUSY), {path_, "cannot change Ganeti's module", "another process is changing it",
                                    "wait until it has ended, and try again"});
  }
}

void ModuleFolder::fail(const char* failed, const std::string& name) const {
  throw Error(errno_code(errno), {name.empty() ? path_ : path_ + "/" + name, failed, {}, {}});
}

std::optional<std::string> ModuleFolder::read(const std::string& name) const {
  auto text = read_file(dir_.get(), name);
  if (!text && errno != ENOENT) fail("cannot read", name);
  return text;
}

void ModuleFolder::write(const std::string& name, std::string_view text) const {
  const UniqueFd fd(openat(dir_.get(), temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd || fchmod(fd.get(), 0644) != 0) fail("cannot create", temporary);  // whatever the umask is
  while (!text.empty()) {
    const auto n = ::write(fd.get(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write", temporary);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (fsync(fd.get()) != 0) fail("cannot write", temporary);
  move(temporary, name);
}

void ModuleFolder::copy(const std::string& name, const std::string& second) const {
  remove(second);
  if (linkat(dir_.get(), name.c_str(), dir_.get(), second.c_str(), 0) != 0) fail("cannot create", second);
  sync();
}

void ModuleFolder::move(const std::string& name, const std::string& target) const {
  if (renameat(dir_.get(), name.c_str(), dir_.get(), target.c_str()) != 0) fail("cannot replace", target);
  remove(name);  // rename(2) leaves both names if they are of one file
  sync();
}

bool ModuleFolder::remove(const std::string& name) const {
  if (unlinkat(dir_.get(), name.c_str(), 0) == 0) return true;
  if (errno != ENOENT) fail("cannot remove", name);
  return false;
}

void ModuleFolder::forget_compiled(const std::string& module) const {
  boost::system::error_code ignored;
  const auto cache = path_ + "/__pycache__";
  for (boost::filesystem::directory_iterator entry(cache, ignored), end; entry != end; entry.increment(ignored)) {
    const auto name = entry->path().filename().string();
    if (name.starts_with(module + ".")) remove("__pycache__/" + name);
  }
}

void ModuleFolder::sync() const {
  if (fsync(dir_.get()) != 0) fail("cannot write", "");
}

}  // namespace ganeti::gluster
