// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/child.hpp"
#include "base/process.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

Child start_sleeping() {
  return Child::start({}, []() -> int {
    while (true) pause();
  });
}

/// A child that has ended and that nobody has waited for.
class Zombie {
 public:
  Zombie() : pid_(fork()) {
    if (pid_ == 0) _exit(0);
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }
  Zombie(const Zombie&) = delete;
  Zombie& operator=(const Zombie&) = delete;
  ~Zombie() { waitpid(pid_, nullptr, 0); }

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("a process finds itself, alive and running", "[process]") {
  const auto self = find_process(getpid());
  REQUIRE(self);
  CHECK(self->pid == getpid());
  CHECK(self->start_ticks > 0);
  CHECK(is_alive(*self));
  CHECK(process_state(getpid()) == 'R');
  CHECK(process_age_seconds(*self) >= 0);
  CHECK(process_age_seconds(*self) < 3600);
}

TEST_CASE("a number that no process has finds nothing", "[process]") {
  pid_t gone = 0;
  { gone = Zombie().pid(); }
  CHECK_FALSE(find_process(gone));
  CHECK(process_state(gone) == '?');
  CHECK(command_line(gone).empty());
  CHECK(command_text(gone).empty());
}

TEST_CASE("a zombie is not alive", "[process]") {
  const Zombie zombie;
  CHECK(process_state(zombie.pid()) == 'Z');
  CHECK_FALSE(find_process(zombie.pid()));
  CHECK_FALSE(is_alive({zombie.pid(), 0}));
}

TEST_CASE("a later process with the same number is another one", "[process]") {
  auto self = *find_process(getpid());
  ++self.start_ticks;
  CHECK_FALSE(is_alive(self));
}

TEST_CASE("a process whose name looks like the end of its name is read rightly", "[process]") {
  auto child = Child::start({}, []() -> int {
    prctl(PR_SET_NAME, ") Z 1 2 3 (");
    dprintf(STDOUT_FILENO, "ready");
    while (true) pause();
  });
  while (child.output().empty()) REQUIRE_FALSE(child.wait(Deadline::in(10ms)));
  CHECK(command_name(child.pid()) == ") Z 1 2 3 (");
  CHECK(process_state(child.pid()) != 'Z');
  CHECK(find_process(child.pid()));
}

TEST_CASE("a process is killed and gone when the call returns", "[process]") {
  const auto child = start_sleeping();
  const auto process = find_process(child.pid());
  REQUIRE(process);
  CHECK(kill_process(*process));
  CHECK_FALSE(is_alive(*process));
  CHECK(kill_process(*process));
}

TEST_CASE("a process that got another one's number is not killed", "[process]") {
  const auto child = start_sleeping();
  const auto process = find_process(child.pid());
  REQUIRE(process);
  CHECK(kill_process({process->pid, process->start_ticks - 1}));
  CHECK(is_alive(*process));
}

TEST_CASE("a command line keeps its words, and its text is one line that is cut", "[process]") {
  const std::vector<std::string> words{"/bin/sleep", "1000", std::string(200, '0')};
  auto child = Child::start({}, exec_body(words));
  const auto deadline = Deadline::in(10s);
  // In the midst of exec a process has its new name already, and no words.
  while (command_line(child.pid()) != words && !deadline.expired()) usleep(1000);
  CHECK(command_line(child.pid()) == words);
  const auto text = command_text(child.pid());
  CHECK_THAT(text, Catch::StartsWith("/bin/sleep 1000 000"));
  CHECK_THAT(text, Catch::EndsWith("..."));
  CHECK(text.size() == 123);
}

TEST_CASE("processes are listed, this one and its children among them", "[process]") {
  const auto child = start_sleeping();
  std::vector<pid_t> pids;
  for_each_process([&](pid_t pid) { pids.push_back(pid); });
  CHECK(std::count(pids.begin(), pids.end(), getpid()) == 1);
  CHECK(std::count(pids.begin(), pids.end(), child.pid()) == 1);
}

TEST_CASE("descriptors of a process are listed with what they are open on", "[process]") {
  const test::Scratch scratch;
  const UniqueFd file(open(scratch.path("image").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  std::optional<std::string> target;
  for_each_descriptor(getpid(), [&](const std::string& number, const std::string& path) {
    if (number == std::to_string(file.get())) target = path;
  });
  CHECK(target == boost::filesystem::canonical(scratch.path("image")).string());
}

}  // namespace ganeti::gluster
