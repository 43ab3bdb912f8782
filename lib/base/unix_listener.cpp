// SPDX-License-Identifier: BSD-2-Clause
#include "base/unix_listener.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>
#include <boost/filesystem/path.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/deadline.hpp"
#include "base/errno_error.hpp"
#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto lock_limit = 5s;
constexpr int waiting_clients = 16;

[[noreturn]] void fail(const std::string& path, int error, const std::string& why = {}, const std::string& cure = {}) {
  throw Error(errno_code(error), {path, "cannot listen on the socket", why, cure});
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!path.starts_with('/')) fail(path, EINVAL, "it is no absolute path");
  if (path.size() >= sizeof(address.sun_path)) {
    fail(path, ENAMETOOLONG, fmt::format("the path has more than {} bytes", sizeof(address.sun_path) - 1));
  }
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  return address;
}

int with_address(int (*call)(int, const sockaddr*, socklen_t), int fd, const sockaddr_un& address) {
  return call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

UniqueFd make_socket(const std::string& path) {
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) fail(path, errno);
  return fd;
}

// Who may write the folder may put another socket there.
UniqueFd open_folder(const std::string& path) {
  const auto folder = boost::filesystem::path(path).parent_path().string();
  make_directories(folder, 0700);
  UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0) fail(path, errno);
  const bool is_ours = status.st_uid == geteuid() || status.st_uid == 0;
  if (!is_ours || ((status.st_mode & 022U) != 0 && (status.st_mode & S_ISVTX) == 0)) {
    fail(path, EPERM, fmt::format("other users may replace what is in {}", folder), "name one in a folder of root's");
  }
  return fd;
}

// Of two that start at once, one must see that the other one listens. Gone with the descriptor.
void lock(int folder, const std::string& path) {
  const auto deadline = Deadline::in(lock_limit);
  while (flock(folder, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) fail(path, errno);
    if (deadline.expired()) fail(path, ETIMEDOUT, "another process keeps its folder locked", "try again");
    std::this_thread::sleep_for(5ms);
  }
}

void remove_leftover(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) {
    fail(path, EEXIST, "there is something that is no socket", "name another path, or move that away");
  }
  const auto probe = make_socket(path);
  if (with_address(connect, probe.get(), address) == 0 || errno != ECONNREFUSED) {
    fail(path, EADDRINUSE, "a server uses it already", "use that one, or end it first");
  }
  if (unlink(path.c_str()) != 0) fail(path, errno);
}

}  // namespace

UniqueFd listen_on(const std::string& path) {
  const auto address = address_of(path);
  const auto folder = open_folder(path);
  lock(folder.get(), path);
  remove_leftover(path, address);
  auto fd = make_socket(path);
  // Nobody can connect before it listens.
  if (with_address(bind, fd.get(), address) != 0 || chmod(path.c_str(), 0600) != 0 ||
      listen(fd.get(), waiting_clients) != 0) {
    fail(path, errno);
  }
  return fd;
}

}  // namespace ganeti::gluster
