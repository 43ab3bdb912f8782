// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <list>
#include <map>
#include <mutex>

#include <sys/socket.h>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/volume/resolve.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "gfapi/idle.hpp"
#include "mount/diagnosis.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto servers_limit = 3s;
constexpr auto close_limit = 1s;
constexpr auto reconnect_pause = 5s;
constexpr const char* connect_failed = "cannot connect to the volume by libgfapi";

// Killed, but not reaped yet: their end takes a moment that nobody should wait for, the end of this process included.
struct Ended {
  std::mutex mutex{};
  std::list<Child> children{};
};

Ended& ended() {
  static auto& all = *new Ended;
  return all;
}

void reap_later(Child&& child) {
  auto& [mutex, children] = ended();
  const std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock) return child.abandon();  // also if another thread had it when we were forked
  children.remove_if([](Child& earlier) { return earlier.wait(Deadline::in(0ms)); });
  children.push_back(std::move(child));
}

struct Known {
  std::shared_ptr<Worker> worker{};
  std::exception_ptr failure{};
  std::chrono::steady_clock::time_point failed{};
};

thread_local std::map<std::string, Known> known;

struct Ends {
  UniqueFd ours;
  UniqueFd theirs;
};

Ends make_socket() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(errno_code(errno), {"libgfapi worker", "cannot make a socket", {}, {}});
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

std::shared_ptr<Worker> Worker::get(const WorkerTask& task) {
  auto& [worker, failure, failed] = known[task.format()];
  if (worker && worker->is_usable()) return worker;
  worker.reset();
  // A request that looks at many disks must not wait for a dead server again and again.
  if (failure && std::chrono::steady_clock::now() - failed < reconnect_pause) std::rethrow_exception(failure);
  try {
    worker = std::make_shared<Worker>(task);
  } catch (const MountError&) {
    failure = std::current_exception();
    failed = std::chrono::steady_clock::now();
    throw;
  }
  return worker;
}

void Worker::end_all() {
  for (const auto& [task, entry] : known) {
    if (entry.worker) entry.worker->end();
  }
  known.clear();
  const std::lock_guard lock(ended().mutex);
  ended().children.clear();  // which waits
}

Worker::Worker(const WorkerTask& task) : owner_(getpid()), last_answer_(std::chrono::steady_clock::now()) {
  auto ends = make_socket();
  if (access(task.paths.gfapi_worker.c_str(), X_OK) != 0) {
    throw MountError(Errc::connect_failed, {task.volume.to_string(), connect_failed,
                                            fmt::format("{}: {}", task.paths.gfapi_worker, errno_code(errno).message()),
                                            "install the part of ganeti-gluster that has this program"});
  }
  process_.emplace(Child::spawn({task.paths.gfapi_worker}, std::move(ends.theirs)));
  channel_.emplace(std::move(ends.ours));
  connect(task);
}

Worker::~Worker() { end(); }

bool Worker::is_own() const { return owner_ == getpid(); }

// One that ends because it is idle never does so while we believe that it is there.
bool Worker::is_usable() const {
  if (is_broken_ || !is_own() || channel_->is_closed()) return false;
  return open_files_ > 0 || std::chrono::steady_clock::now() - last_answer_ < idle_limit / 2;
}

void Worker::end() noexcept {
  is_broken_ = true;
  if (!process_) return;
  if (!is_own()) {  // of the process that we were forked from
    process_->abandon();
  } else {
    channel_.reset();
    process_->signal_kill();
    reap_later(std::move(*process_));
  }
  process_.reset();
}

void Worker::connect(const WorkerTask& task) {
  const auto text = task.format();
  const CallText about{task.volume.to_string(), connect_failed};
  const ClientLog client_log(task.paths.client_log_dir, worker_log_name);
  // What the worker itself can tell of a failure is worth a moment more.
  const auto deadline = Deadline::in(task.connect_timeout + 500ms);
  Answer answer;
  try {
    answer = call({.operation = Operation::connect}, text, deadline, about);
  } catch (const MountError& error) {
    if (error.code() == Errc::unreachable) throw_connect_timeout(task, client_log);
    if (error.code() != Errc::mount_lost) throw;
    const auto& program = task.paths.gfapi_worker;
    throw MountError(Errc::connect_failed, {about.subject, about.failed, program + " ended before it was connected",
                                            fmt::format("see that it has all its libraries (ldd {}), and look into {}",
                                                        program, client_log.path())});
  }
  if (answer.error == 0) return;
  end();
  const auto line = payload_.find('\n');
  throw MountError(Errc::connect_failed, {about.subject, about.failed, payload_.substr(0, line),
                                          line == std::string::npos ? "" : payload_.substr(line + 1)});
}

void Worker::throw_connect_timeout(const WorkerTask& task, const ClientLog& client_log) {
  const auto volume = resolve(task.volume, resolve_limit);
  const auto diagnosis = diagnose({volume, {}, client_log.causes(), client_log.path(), true, false},
                                  reach_servers(volume, Deadline::in(servers_limit)));
  throw MountError(Errc::connect_failed, {task.volume.to_string(), connect_failed,
                                          fmt::format("{} (after {})", diagnosis.why,
                                                      std::chrono::ceil<std::chrono::seconds>(task.connect_timeout)),
                                          diagnosis.cure});
}

Answer Worker::call(const Request& request, std::span<const char> data, const Deadline& deadline,
                    const CallText& text) {
  Answer answer;
  auto result = Received::end;
  try {
    if (!is_broken_ && is_own()) result = channel_->send(request, data, deadline);
    if (result == Received::message) result = channel_->receive(answer, payload_, deadline);
  } catch (const Error& error) {
    end();
    throw MountError(error.code(), {text.subject, text.failed, error.text().why, error.text().cure});
  }
  if (result == Received::message) {
    last_answer_ = std::chrono::steady_clock::now();
    if (request.operation == Operation::open || request.operation == Operation::open_for_reading ||
        request.operation == Operation::create) {
      open_files_ += answer.error == 0 ? 1 : 0;
    }
    return answer;
  }
  end();
  if (result == Received::timeout) {
    throw MountError(Errc::unreachable, {text.subject, text.failed, "the volume does not answer in time",
                                         "see which of its servers are up: gluster volume status"});
  }
  throw MountError(Errc::mount_lost,
                   {text.subject, text.failed, "the process that reaches the volume by libgfapi ended", "try again"});
}

void Worker::close_file(std::uint64_t file) noexcept {
  if (is_broken_ || !is_own()) return;
  --open_files_;
  try {
    const Request request{.operation = Operation::close, .file = file};
    if (channel_->send(request, {}, Deadline::in(close_limit)) != Received::message) end();
  } catch (const Error& error) {
    log(LogLevel::warning, "{}", error.what());
    end();
  }
}

}  // namespace ganeti::gluster
