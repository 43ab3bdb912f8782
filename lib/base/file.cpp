// SPDX-License-Identifier: BSD-2-Clause
#include "base/file.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::size_t largest_file = 8U << 20U;

void write_all(int fd, std::string_view content, const std::string& name) {
  while (!content.empty()) {
    const auto n = write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(errno_code(errno), {name, "cannot write", {}, {}});
    content.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::optional<std::string> read_file(int dir, const std::string& name) {
  const UniqueFd fd(openat(dir, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return std::nullopt;
  std::string content;
  std::array<char, 4096> buffer{};
  while (content.size() < largest_file) {
    const auto n = read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    content.append(buffer.data(), static_cast<std::size_t>(n));
  }
  if (content.size() < largest_file) return content;
  errno = EFBIG;  // cut off it could say something else
  return std::nullopt;
}

std::optional<std::string> read_linked_file(const std::string& path) {
  boost::system::error_code error;
  const auto real = boost::filesystem::canonical(path, error);
  if (!error) return read_file(AT_FDCWD, real.string());
  errno = error.value();
  return std::nullopt;
}

void replace_file(int dir, const std::string& name, std::string_view content, const ReplaceOptions& options) {
  // The process id keeps two writers apart; what a killed writer leaves, its successor overwrites.
  const boost::filesystem::path path(name);
  const auto temporary = (path.parent_path() / fmt::format(".{}.{}", path.filename().string(), getpid())).string();
  const UniqueFd fd(openat(dir, temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw Error(errno_code(errno), {name, "cannot create", {}, {}});
  try {
    write_all(fd.get(), content, name);
    if (fchmod(fd.get(), options.mode) != 0) throw Error(errno_code(errno), {name, "cannot set the mode", {}, {}});
    if (options.is_durable && fsync(fd.get()) != 0) throw Error(errno_code(errno), {name, "cannot write", {}, {}});
    if (renameat(dir, temporary.c_str(), dir, name.c_str()) != 0) {
      throw Error(errno_code(errno), {name, "cannot replace", {}, {}});
    }
  } catch (...) {
    unlinkat(dir, temporary.c_str(), 0);
    throw;
  }
}

namespace {

// With the very mode: Ganeti's daemons run with umask 077. @returns false if it cannot be made.
bool make_directory(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), mode) == 0) return chmod(path.c_str(), mode) == 0;
  return errno == EEXIST;
}

}  // namespace

void make_directories(const std::string& path, unsigned mode) {
  if (make_directory(path, mode)) return;
  const auto parent = boost::filesystem::path(path).parent_path().string();
  if (errno != ENOENT || parent.empty()) throw Error(errno_code(errno), {path, "cannot create the directory", {}, {}});
  make_directories(parent, 0755);
  if (!make_directory(path, mode)) throw Error(errno_code(errno), {path, "cannot create the directory", {}, {}});
}

UniqueFd open_own_folder(const std::string& path, unsigned mode) {
  const auto refuse = [&path](int number, const std::string& why) -> Error {
    return {
        errno_code(number),
        {path, "cannot use the state directory", why, number == EACCES || number == EPERM ? "run this as root" : ""}};
  };
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(open(path.c_str(), flags));
  if (!fd && errno == ENOENT) {
    make_directories(path, mode);
    fd.reset(open(path.c_str(), flags));
  }
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0) throw refuse(errno, {});
  if (status.st_uid != geteuid() || (status.st_mode & 022U) != 0) {
    throw refuse(EPERM, "others than its user may write it");
  }
  return fd;
}

std::optional<std::string> read_link(int dir, const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const auto n = readlinkat(dir, name.c_str(), target.data(), target.size());
  if (n < 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(n));
}

std::string escape_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (c == '/') {
      name += '-';
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c == '.' && !name.empty())) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

}  // namespace ganeti::gluster
