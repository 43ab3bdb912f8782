// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/nbd/connect_limit.hpp"

#include <csignal>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace ganeti::gluster {
namespace {

void give_up(int /*signal*/) {
  constexpr std::string_view text = "nbdkit: error: the volume did not let us connect in time\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
  _exit(EXIT_FAILURE);
}

}  // namespace

ConnectLimit::ConnectLimit(std::chrono::milliseconds limit) {
  ::signal(SIGALRM, give_up);
  alarm(static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(limit).count()));
}

ConnectLimit::~ConnectLimit() {
  alarm(0);
  ::signal(SIGALRM, SIG_DFL);
}

}  // namespace ganeti::gluster
