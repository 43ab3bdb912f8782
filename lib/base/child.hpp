// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {

struct ChildOptions {
  /// Descriptors that the child keeps beside its three standard ones, under the same numbers.
  std::vector<int> keep_fds;
  /// Ends the child's whole process group by itself, should its parent be killed before it can.
  std::optional<std::chrono::seconds> self_destruct;
  std::string directory = "/";
};

/// A child process in a session of its own, that its parent can wait for with a deadline, kill or
/// abandon. The only place of the library that starts processes.
///
/// The child has default signal dispositions and an empty mask, /dev/null as standard input, one
/// pipe as standard output and error, no other descriptor, umask 022 and a fixed environment. In
/// the parent no signal handler is touched. Needs no thread and starts none.
class Child {
 public:
  /// Runs @p body in a child, which exits with what it returns. The body runs after fork in a copy
  /// of the caller: it must not use what another thread of the caller may hold locked.
  /// @throws Error if no process can be made.
  static Child start(const ChildOptions& options, const std::function<int()>& body);

  /// Runs another program, @p argv[0] being its full path, which has @p socket as its standard input and none of our
  /// descriptors. Much cheaper than start() where much memory is locked, as nothing of it is copied.
  /// @throws Error if no process can be made or the program cannot be run.
  static Child spawn(std::vector<std::string> argv, UniqueFd socket);

  Child(Child&&) noexcept = default;
  Child& operator=(Child&&) = delete;
  ~Child();  // kills and reaps what was neither waited for nor abandoned

  /// Collects output until the child has exited. @returns false if the deadline came first.
  bool wait(const Deadline& deadline);

  /// Kills the child's process group and reaps the child, waiting at most @p limit.
  /// @returns false if it cannot be killed now (a system call that does not return).
  bool kill(std::chrono::milliseconds limit = std::chrono::seconds(1));

  /// Kills the child's process group and does not wait for its end.
  void signal_kill() const noexcept;

  /// Lets go of a child that cannot be killed: it ends when its system call returns.
  void abandon();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// What it wrote so far; the whole of it once wait() was true.
  [[nodiscard]] const std::string& output() const noexcept { return output_; }
  /// Its exit status once wait() was true; nothing if a signal ended it.
  [[nodiscard]] std::optional<int> exit_status() const noexcept { return exit_status_; }

 private:
  Child(pid_t pid, UniqueFd pidfd, UniqueFd pipe) noexcept;
  void read_available();
  void reap();

  pid_t pid_;
  UniqueFd pidfd_;
  UniqueFd pipe_;
  std::string output_;
  std::optional<int> exit_status_;
  bool done_ = false;
};

/// In the body of a child: adds to what its parent gets as output(). Whether anybody listens is of no concern.
void tell_parent(std::string_view text);

/// Body for Child::start that becomes another program: @p argv[0] is its full path.
[[nodiscard]] std::function<int()> exec_body(std::vector<std::string> argv);

/// Becomes another program, @p argv[0] being its full path, that takes clients from @p listener as systemd(1) passes
/// such sockets on (sd_listen_fds(3)). It keeps standard output and error and, if there is one, systemd's own socket
/// (sd_notify(3)); all else is as a child has it.
/// @throws Error if it cannot be run
[[noreturn]] void become(std::vector<std::string> argv, const UniqueFd& listener);

}  // namespace ganeti::gluster
