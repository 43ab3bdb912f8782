// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "mount/state_dir.hpp"
#include "test/unit/base/scratch.hpp"

namespace gg = ganeti::gluster;

TEST_CASE("what a killed process had begun to write is removed, and what one writes is not") {
  const gg::test::Scratch scratch;
  const gg::StateDir state(scratch.path(), "/run/ganeti/gluster");
  const pid_t gone = fork();
  REQUIRE(gone >= 0);
  if (gone == 0) _exit(0);
  REQUIRE(waitpid(gone, nullptr, 0) == gone);
  const auto abandoned = ".mount." + std::to_string(gone);
  const auto begun = ".failure." + std::to_string(getpid());
  for (const auto& name : {abandoned, begun, std::string("mount")}) gg::replace_file(state.fd(), name, "text");
  std::vector<std::string> seen;
  state.for_each_file([&](const std::string& name) { seen.push_back(name); });
  CHECK_THAT(seen, Catch::UnorderedEquals(std::vector<std::string>{"holds", "mount"}));

  state.remove_abandoned();

  CHECK_FALSE(gg::read_file(state.fd(), abandoned));
  CHECK(gg::read_file(state.fd(), begun));
  CHECK(gg::read_file(state.fd(), "mount"));
}
