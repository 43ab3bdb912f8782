// SPDX-License-Identifier: BSD-2-Clause
#include "base/unique_fd.hpp"

#include <cerrno>

#include <unistd.h>

namespace ganeti::gluster {

void UniqueFd::reset(int fd) noexcept {
  const int old = std::exchange(fd_, fd);
  if (old < 0) return;
  const int saved = errno;  // callers build an error from errno while descriptors go out of scope
  ::close(old);             // not retried on EINTR: Linux has closed it by then
  errno = saved;
}

}  // namespace ganeti::gluster
