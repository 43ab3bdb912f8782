// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/child.hpp"
#include "base/process.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto ample = 10s;  // for what takes milliseconds on an idle machine

Child shell(const std::string& script, const ChildOptions& options = {}) {
  return Child::start(options, exec_body({"/bin/sh", "-c", script}));
}

std::string output_of(Child child) {
  REQUIRE(child.wait(Deadline::in(ample)));
  return child.output();
}

[[noreturn]] void sleep_for_ever() {
  while (true) pause();
}

bool ends(const ProcessId& process) {
  const auto deadline = Deadline::in(ample);
  while (is_alive(process) && !deadline.expired()) usleep(1000);
  return !is_alive(process);
}

}  // namespace

TEST_CASE("a child's exit status is what its body returns", "[child]") {
  auto child = Child::start({}, [] { return 7; });
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK(child.exit_status() == 7);
  CHECK(child.wait(Deadline::in(0ms)));
}

TEST_CASE("a child's output is what it wrote to standard output and error", "[child]") {
  auto child = shell("echo out; echo err >&2; exit 3");
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK(child.output() == "out\nerr\n");
  CHECK(child.exit_status() == 3);
}

TEST_CASE("output larger than a pipe arrives whole", "[child]") {
  CHECK(output_of(shell("head -c 1000000 /dev/zero")).size() == 1'000'000);
}

TEST_CASE("a program that cannot be run gives status 127", "[child]") {
  auto child = Child::start({}, exec_body({"/nonexistent/program"}));
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK(child.exit_status() == 127);
}

TEST_CASE("what a body throws is written to its output", "[child]") {
  auto child = Child::start({}, []() -> int { throw std::runtime_error("no such thing"); });
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK(child.exit_status() == 127);
  CHECK(child.output() == "no such thing");
}

TEST_CASE("a child that a signal ended has no exit status", "[child]") {
  auto child = shell("kill -TERM $$");
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK_FALSE(child.exit_status());
}

TEST_CASE("a wait ends at its deadline and can be resumed", "[child]") {
  auto child = shell("echo early; sleep 0.5; echo late");
  const auto before = Clock::now();
  CHECK_FALSE(child.wait(Deadline::in(100ms)));
  CHECK(Clock::now() - before >= 100ms);
  CHECK(child.wait(Deadline::in(ample)));
  CHECK(child.output() == "early\nlate\n");
}

TEST_CASE("a child that ignores SIGTERM is killed after the deadline", "[child]") {
  auto child = Child::start({}, []() -> int {
    ::signal(SIGTERM, SIG_IGN);
    sleep_for_ever();
  });
  CHECK_FALSE(child.wait(Deadline::in(50ms)));
  CHECK(child.kill());
  CHECK_FALSE(child.exit_status());
  CHECK_FALSE(find_process(child.pid()));
}

TEST_CASE("killing a child kills its process group", "[child]") {
  auto child = shell("sleep 1000 & echo $!; wait");
  while (child.output().empty()) REQUIRE_FALSE(child.wait(Deadline::in(20ms)));
  const auto grandchild = find_process(std::stoi(child.output()));
  REQUIRE(grandchild);
  CHECK(child.kill());
  CHECK(ends(*grandchild));
}

TEST_CASE("a grandchild that keeps the pipe open does not delay", "[child]") {
  auto child = shell("sleep 1000 & echo started");
  const auto before = Clock::now();
  CHECK(child.wait(Deadline::in(ample)));
  CHECK(Clock::now() - before < ample);
  CHECK(child.exit_status() == 0);
  CHECK(child.output() == "started\n");
  ::kill(-child.pid(), SIGKILL);
}

TEST_CASE("a child inherits no descriptor but those that it is to keep", "[child]") {
  const UniqueFd leaked(fcntl(STDIN_FILENO, F_DUPFD, 20));
  const UniqueFd kept(fcntl(STDIN_FILENO, F_DUPFD, 40));
  const UniqueFd also_kept(fcntl(STDIN_FILENO, F_DUPFD, 30));
  const auto list = [] {
    for (int fd = 0; fd < 1024; ++fd) {
      if (fcntl(fd, F_GETFD) >= 0) dprintf(STDOUT_FILENO, "%d ", fd);
    }
    return 0;
  };
  CHECK(output_of(Child::start({}, list)) == "0 1 2 ");
  ChildOptions options;
  options.keep_fds = {kept.get(), also_kept.get()};
  auto expected = "0 1 2 " + std::to_string(also_kept.get()) + " " + std::to_string(kept.get()) + " ";
  CHECK(output_of(Child::start(options, list)) == expected);
}

// Signals 32 and 33 are glibc's own, and sigaction(2) of glibc leaves them alone. Its posix_spawn ignores them in the
// child, so that whatever make(1) starts has them ignored.
std::string ignored_of_glibc() {
  constexpr unsigned long long own = 0x180000000;
  std::ifstream status("/proc/self/status");
  unsigned long long ignored = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigIgn:\t")) ignored = std::stoull(line.substr(8), nullptr, 16);
  }
  return fmt::format("SigIgn:\t{:016x}\n", ignored & own);
}

TEST_CASE("a child has default signal dispositions and an empty mask", "[child]") {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before {};
  REQUIRE(sigaction(SIGPIPE, &ignore, &before) == 0);
  sigset_t blocked{};
  sigset_t mask_before{};
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  sigprocmask(SIG_BLOCK, &blocked, &mask_before);
  const auto signals = output_of(Child::start({}, exec_body({"/bin/cat", "/proc/self/status"})));
  sigset_t mask_after{};
  sigprocmask(SIG_SETMASK, &mask_before, &mask_after);
  struct sigaction after {};
  sigaction(SIGPIPE, &before, &after);

  CHECK_THAT(signals,
             Catch::Contains("SigBlk:\t0000000000000000\n" + ignored_of_glibc() + "SigCgt:\t0000000000000000\n"));
  CHECK(after.sa_handler == SIG_IGN);
  CHECK(sigismember(&mask_after, SIGUSR1) == 1);
  CHECK(sigismember(&mask_after, SIGUSR2) == 0);
}

TEST_CASE("a child starts from a fixed environment, mask, input and directory", "[child]") {
  setenv("LD_TEST_ONLY", "1", 1);
  const mode_t before = umask(077);
  ChildOptions options;
  options.directory = "/usr";
  const auto environment = output_of(Child::start({}, exec_body({"/usr/bin/env"})));
  const auto rest = output_of(shell("umask; pwd; readlink /proc/self/fd/0", options));
  umask(before);
  unsetenv("LD_TEST_ONLY");
  CHECK(environment == "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nLC_ALL=C\n");
  CHECK(rest == "0022\n/usr\n/dev/null\n");
}

TEST_CASE("a child leads a session of its own", "[child]") {
  auto child = Child::start({}, [] { return getsid(0) == getpid() ? 0 : 1; });
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK(child.exit_status() == 0);
}

TEST_CASE("a child that nobody waited for dies with its object", "[child]") {
  std::optional<ProcessId> process;
  {
    const auto child = Child::start({}, []() -> int { sleep_for_ever(); });
    process = find_process(child.pid());
    REQUIRE(process);
  }
  CHECK_FALSE(is_alive(*process));
}

TEST_CASE("an abandoned child lives on and is not waited for", "[child]") {
  std::optional<ProcessId> process;
  const auto before = Clock::now();
  {
    auto child = Child::start({}, []() -> int { sleep_for_ever(); });
    process = find_process(child.pid());
    child.abandon();
    CHECK(child.wait(Deadline::in(ample)));
    CHECK_FALSE(child.exit_status());
  }
  CHECK(Clock::now() - before < ample);
  REQUIRE(process);
  CHECK(is_alive(*process));
  ::kill(process->pid, SIGKILL);
  CHECK(waitpid(process->pid, nullptr, 0) == process->pid);
}

TEST_CASE("a child with a self-destruct ends without its parent, and its group with it", "[child]") {
  ChildOptions options;
  options.self_destruct = 1s;
  auto child = Child::start(options, []() -> int {
    const pid_t grandchild = fork();
    if (grandchild == 0) sleep_for_ever();
    dprintf(STDOUT_FILENO, "%d", grandchild);
    sleep_for_ever();
  });
  REQUIRE(child.wait(Deadline::in(ample)));
  CHECK_FALSE(child.exit_status());
  REQUIRE_FALSE(child.output().empty());
  const auto grandchild = find_process(std::stoi(child.output()));
  CHECK((!grandchild || ends(*grandchild)));
}

TEST_CASE("a caller that ignores SIGCHLD still sees the end and the output", "[child]") {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  auto child = shell("echo done");
  const bool ended = child.wait(Deadline::in(ample));
  ::signal(SIGCHLD, before);
  CHECK(ended);
  CHECK(child.output() == "done\n");
  CHECK_FALSE(child.exit_status());
}

// The sanitizers need a spare descriptor themselves, to look at an object's type.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GANETI_GLUSTER_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define GANETI_GLUSTER_SANITIZED
#endif
#ifndef GANETI_GLUSTER_SANITIZED
TEST_CASE("a child that cannot be made is an error and leaves no descriptor", "[child]") {
  const UniqueFd probe(dup(STDIN_FILENO));
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit full = before;
  full.rlim_cur = static_cast<rlim_t>(probe.get()) + 2;  // one descriptor free, a pipe needs two
  setrlimit(RLIMIT_NOFILE, &full);
  std::error_code code;
  try {
    (void)Child::start({}, [] { return 0; });
  } catch (const Error& error) {
    code = error.code();
  }
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(code == std::errc::too_many_files_open);
  const UniqueFd again(dup(STDIN_FILENO));
  CHECK(again.get() == probe.get() + 1);
}
#endif

}  // namespace ganeti::gluster
