// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/bounded.hpp>

#include <cerrno>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>

#include "base/child.hpp"
#include "base/errno_error.hpp"

namespace ganeti::gluster {

std::string run_bounded(const std::function<std::string()>& part, std::chrono::milliseconds limit) {
  auto child = Child::start({}, [&part] {
    set_log_sink([](LogLevel, std::string_view) {});  // output and messages would go the same way
    tell_parent(part());
    return 0;
  });
  if (!child.wait(Deadline::in(limit))) {
    if (!child.kill()) child.abandon();
    throw Error(errno_code(ETIMEDOUT), {"child process", "cannot tell", fmt::format("no answer in {}", limit), {}});
  }
  if (child.exit_status() == 0) return child.output();
  throw Error(errno_code(ECHILD), {"child process", "cannot tell", child.output(), {}});
}

}  // namespace ganeti::gluster
