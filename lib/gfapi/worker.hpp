// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <sys/types.h>

#include "base/child.hpp"
#include "gfapi/channel.hpp"
#include "gfapi/protocol.hpp"
#include "gfapi/worker_task.hpp"
#include "mount/client_log.hpp"

namespace ganeti::gluster {

/// What a call is about, for its errors.
struct CallText {
  std::string subject;
  const char* failed;
};

/// A process that is connected to one volume by libgfapi, seen from the one that uses it.
///
/// libgfapi itself is never loaded here: it has no time limits, takes eleven seconds to close, starts threads and does
/// not survive a fork. The process ends when its user does, or has not needed it for some seconds; nobody ever waits
/// for its end. Not thread-safe.
class Worker {
 public:
  /// One connected worker for each volume, thread and process: a process that was forked gets its own.
  /// @throws MountError (connect_failed), within the task's time limit; the same again in the seconds after it
  [[nodiscard]] static std::shared_ptr<Worker> get(const WorkerTask& task);

  /// Ends those of this thread and waits until they are gone, for who is to become another program.
  static void end_all();

  explicit Worker(const WorkerTask& task);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Waits for the answer, whose payload is then to be had from payload().
  /// @throws MountError (unreachable) if there is none in time, (mount_lost) if the process is gone, (EPROTO)
  /// if it is of another version
  Answer call(const Request& request, std::span<const char> data, const Deadline& deadline, const CallText& text);
  /// Closes an open file; does not wait until that is done.
  void close_file(std::uint64_t file) noexcept;

  [[nodiscard]] const std::string& payload() const noexcept { return payload_; }

 private:
  [[nodiscard]] bool is_usable() const;
  void connect(const WorkerTask& task);
  [[noreturn]] static void throw_connect_timeout(const WorkerTask& task, const ClientLog& client_log);
  [[nodiscard]] bool is_own() const;
  void end() noexcept;

  pid_t owner_;
  std::optional<Child> process_;
  std::optional<Channel> channel_;
  std::string payload_;
  std::chrono::steady_clock::time_point last_answer_;
  std::size_t open_files_ = 0;
  bool is_broken_ = false;
};

}  // namespace ganeti::gluster
