// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker/user_watch.hpp"

#include <array>
#include <cerrno>
#include <thread>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot to say so
#include <sys/pidfd.h>
}

namespace ganeti::gluster {
namespace {

// For the main thread to make durable what was written, once nobody asks for more.
constexpr int grace_milliseconds = 5000;

void await_end(int user, int socket) {
  std::array<pollfd, 2> watched{{{user, POLLIN, 0}, {socket, POLLRDHUP, 0}}};
  while (poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
  }
  if ((watched[0].revents & POLLIN) == 0) poll(watched.data(), 1, grace_milliseconds);
  _exit(0);
}

}  // namespace

void end_with_user(int socket) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) _exit(1);
  const int user = pidfd_open(credentials.pid, 0);
  // If it has ended already, somebody else may have its number.
  if (user < 0 || getppid() != credentials.pid) _exit(1);
  std::thread(await_end, user, socket).detach();
}

}  // namespace ganeti::gluster
