// SPDX-License-Identifier: BSD-2-Clause
#include "base/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot to say so
#include <sys/pidfd.h>
}

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"

namespace ganeti::gluster {
namespace {

[[noreturn]] void throw_errno(const char* failed) { throw Error(errno_code(errno), {"child process", failed, {}, {}}); }

// Signals stay blocked from before fork until the child has dropped the host's handlers: a handler
// of the host (Python's, say) must never run in the child.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before_);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_all_but(std::vector<int> keep) {
  std::sort(keep.begin(), keep.end());
  unsigned next = 3;
  for (const int fd : keep) {
    if (fd < 3) continue;
    if (static_cast<unsigned>(fd) > next) close_range(next, static_cast<unsigned>(fd) - 1, 0);
    next = static_cast<unsigned>(fd) + 1;
  }
  close_range(next, ~0U, 0);
}

std::array<char*, 3> clean_environment() {
  static std::array<char, 40> path{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  static std::array<char, 12> locale{"LC_ALL=C"};
  return {path.data(), locale.data(), nullptr};
}

std::vector<char*> pointers_to(std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  for (auto& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

UniqueFd watch(pid_t pid) {
  UniqueFd pidfd(pidfd_open(pid, 0));
  if (pidfd) return pidfd;
  const int error = errno;
  ::kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  errno = error;
  throw_errno("cannot watch a child process");
}

// What a spawned program begins with: a session of its own, default dispositions and an empty signal mask.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t set;
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

void kill_own_group(int) { ::kill(0, SIGKILL); }

void become_child(const ChildOptions& options, int pipe_end) {
  setsid();
  reset_signals();
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(null, STDIN_FILENO);
  dup2(pipe_end, STDOUT_FILENO);
  dup2(pipe_end, STDERR_FILENO);
  close_all_but(options.keep_fds);
  umask(022);
  static auto environment = clean_environment();
  environ = environment.data();
  if (chdir(options.directory.c_str()) != 0) _exit(127);
  if (options.self_destruct) {
    ::signal(SIGALRM, kill_own_group);
    alarm(static_cast<unsigned>(options.self_destruct->count()));
  }
}

}  // namespace

Child::Child(pid_t pid, UniqueFd pidfd, UniqueFd pipe) noexcept
    : pid_(pid), pidfd_(std::move(pidfd)), pipe_(std::move(pipe)) {}

Child::~Child() {
  if (!pidfd_ || done_) return;
  try {
    if (!kill()) abandon();
  } catch (const std::exception& error) {
    log(LogLevel::warning, "cannot wait for a child process: {}", error.what());
  }
}

Child Child::start(const ChildOptions& options, const std::function<int()>& body) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("cannot make a pipe");
  UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);
  fcntl(read_end.get(), F_SETFL, O_NONBLOCK);

  const BlockedSignals blocked;
  const pid_t pid = fork();
  if (pid < 0) throw_errno("cannot fork");
  if (pid == 0) {
    become_child(options, write_end.get());
    int status = 127;
    try {
      status = body();
    } catch (const std::exception& error) {
      tell_parent(error.what());
    }
    _exit(status);
  }
  return {pid, watch(pid), std::move(read_end)};
}

Child Child::spawn(std::vector<std::string> argv, UniqueFd socket) {
  SpawnPlan plan;
  posix_spawn_file_actions_adddup2(&plan.actions, socket.get(), STDIN_FILENO);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&plan.actions, fd, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addclosefrom_np(&plan.actions, STDERR_FILENO + 1);
  posix_spawn_file_actions_addchdir_np(&plan.actions, "/");
  auto arguments = pointers_to(argv);
  auto environment = clean_environment();
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, argv.front().c_str(), &plan.actions, &plan.attributes, arguments.data(), environment.data());
  if (error != 0) throw Error(errno_code(error), {argv.front(), "cannot run it", {}, {}});
  return {pid, watch(pid), UniqueFd()};
}

void Child::read_available() {
  // At most what a pipe holds at a time: a daemon that a child left may write without end.
  constexpr std::size_t most_output = 1U << 20U;
  std::array<char, 4096> buffer{};
  for (int i = 0; pipe_ && i < 16; ++i) {
    const auto n = read(pipe_.get(), buffer.data(), buffer.size());
    if (n > 0) {
      if (output_.size() < most_output) output_.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n == 0 || (errno != EINTR)) {
      if (n == 0) pipe_.reset();
      return;
    }
  }
}

void Child::reap() {
  int status = 0;
  pid_t result = 0;
  do {
    result = waitpid(pid_, &status, 0);
  } while (result < 0 && errno == EINTR);
  // ECHILD: the host ignores SIGCHLD and the kernel reaped it; then only its output tells.
  if (result == pid_ && WIFEXITED(status)) exit_status_ = WEXITSTATUS(status);
  done_ = true;
  read_available();  // what is there now, not until end of file: a daemon it left may keep the pipe
}

bool Child::wait(const Deadline& deadline) {
  while (!done_) {
    std::array<pollfd, 2> watched{{{pidfd_.get(), POLLIN, 0}, {pipe_ ? pipe_.get() : -1, POLLIN, 0}}};
    const auto left = deadline.left();
    const int n = poll(watched.data(), watched.size(), static_cast<int>(left.count()));
    if (n < 0 && errno != EINTR) throw_errno("cannot wait");
    if (watched[1].revents != 0) read_available();
    if ((watched[0].revents & POLLIN) != 0) {
      reap();
    } else if (n == 0 && left.count() == 0) {
      return false;
    }
  }
  return true;
}

void Child::signal_kill() const noexcept {
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // it may not have reached setsid
}

bool Child::kill(std::chrono::milliseconds limit) {
  signal_kill();
  return wait(Deadline::in(limit));
}

void Child::abandon() {
  pidfd_.reset();
  pipe_.reset();
  done_ = true;
}

void tell_parent(std::string_view text) {
  while (!text.empty()) {
    const auto n = write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::function<int()> exec_body(std::vector<std::string> argv) {
  return [argv = std::move(argv)]() mutable {
    auto arguments = pointers_to(argv);
    execv(arguments.front(), arguments.data());
    return 127;
  };
}

void become(std::vector<std::string> argv, const UniqueFd& listener) {
  constexpr int first_passed = 3;  // sd-daemon.h: SD_LISTEN_FDS_START
  std::vector<std::string> variables{"LISTEN_FDS=1", fmt::format("LISTEN_PID={}", getpid())};
  if (const char* notify = std::getenv("NOTIFY_SOCKET")) variables.push_back(fmt::format("NOTIFY_SOCKET={}", notify));
  for (const char* fixed : clean_environment()) {
    if (fixed != nullptr) variables.emplace_back(fixed);
  }
  auto arguments = pointers_to(argv);
  auto environment = pointers_to(variables);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  dup2(null, STDIN_FILENO);
  if (listener.get() == first_passed) {
    fcntl(first_passed, F_SETFD, 0);
  } else {
    dup2(listener.get(), first_passed);
  }
  close_range(first_passed + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  reset_signals();
  umask(022);
  if (chdir("/") == 0) execve(arguments.front(), arguments.data(), environment.data());
  throw Error(errno_code(errno), {argv.front(), "cannot run it", {}, {}});
}

}  // namespace ganeti::gluster
