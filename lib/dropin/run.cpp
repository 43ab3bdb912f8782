// SPDX-License-Identifier: BSD-2-Clause
#include "dropin/run.hpp"

#include "base/child.hpp"

namespace ganeti::gluster {

Outcome run(std::vector<std::string> argv, std::chrono::milliseconds limit) {
  auto child = Child::start({}, exec_body(std::move(argv)));
  const bool ended = child.wait(Deadline::in(limit));
  if (!ended) child.kill();
  return {child.exit_status(), !ended, child.output()};
}

}  // namespace ganeti::gluster
