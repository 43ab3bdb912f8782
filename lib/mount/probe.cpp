// SPDX-License-Identifier: BSD-2-Clause
#include "mount/probe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/child.hpp"
#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "mount/mount_table.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

// What the child says on its pipe, one letter a stage, so that the parent knows how far it came.
constexpr char client_answered = 'c';
constexpr char root_answered = 'r';
constexpr char identity_follows = 'i';
constexpr char failed = 'e';  // followed by the errno as text

void say(char stage) { tell_parent({&stage, 1}); }

int say_failure(int number) {
  tell_parent(fmt::format("{}{}", failed, number));
  return 0;
}

// The FUSE bridge of GlusterFS answers this attribute by itself, with ENODATA, unless the mount has
// the option "selinux" or "capability"; the kernel answers ENOTCONN when no client is there.
int ask_client(int root) {
  std::array<char, 64> value{};
  const auto path = fmt::format("/proc/self/fd/{}", root);
  return getxattr(path.c_str(), "security.capability", value.data(), value.size()) < 0 ? errno : 0;
}

int ask_root(int root) {
  struct statx status {};
  return statx(root, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &status) != 0 ? errno : 0;
}

int probe_body(int root, bool with_identity) {
  const int client_error = ask_client(root);
  if (client_error == ENOTCONN || client_error == ECONNABORTED) return say_failure(client_error);
  say(client_answered);
  if (const int error = ask_root(root)) return say_failure(error);
  say(root_answered);
  if (!with_identity) return 0;
  const auto volfile = read_file(root, ".meta/graphs/active/volfile");
  if (!volfile) return say_failure(errno);
  const auto cmdline = read_file(root, ".meta/cmdline");
  if (!cmdline) return say_failure(errno);
  tell_parent(fmt::format("{}{}{}{}", identity_follows, *volfile, '\0', *cmdline));
  return 0;
}

ProbeResult read_answer(const std::string& answer, bool finished) {
  ProbeResult result;
  const auto stage = [&](std::size_t i) { return i < answer.size() ? answer[i] : '\0'; };
  std::size_t at = 0;
  const bool client = stage(at) == client_answered;
  if (client) ++at;
  const bool root = stage(at) == root_answered;
  if (root) ++at;
  if (stage(at) == failed) {
    result.error = std::atoi(answer.c_str() + at + 1);
    result.health = client ? Health::unreachable : Health::disconnected;
  } else if (!finished) {
    result.health = client ? Health::silent_servers : Health::silent_client;
  } else if (!root) {
    result.health = Health::unreachable;  // the child was killed by somebody else
    result.error = ECANCELED;
  } else {
    result.health = Health::well;
  }
  if (stage(at) == identity_follows) {
    const auto border = answer.find('\0', at);
    if (border != std::string::npos) {
      result.identity = parse_identity(answer.substr(at + 1, border - at - 1), answer.substr(border + 1));
    }
  }
  return result;
}

constexpr const char* flight_prefix = "probe-";

std::string flight_file(std::int64_t mount_id) { return fmt::format("{}{}", flight_prefix, mount_id); }

UniqueFd open_flight(const StateDir& state, std::int64_t mount_id) {
  UniqueFd fd(openat(state.fd(), flight_file(mount_id).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw MountError(errno_code(errno), {state.path(), "cannot open a probe file", {}, {}});
  return fd;
}

// By the child, of itself. In place: a rename would replace the inode that carries the lock.
void write_flight(int fd, const Deadline& deadline) {
  Record record;
  record.set("pid", getpid());
  record.set("since", time_since_boot().count());
  record.set("until", (time_since_boot() + deadline.left()).count());
  const auto content = record.format(boot_id());
  static_cast<void>(pwrite(fd, content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()));
}

struct Flight {
  LockHolder holder;
  bool overdue = false;  // whoever started it has stopped waiting
};

Flight read_flight(const StateDir& state, std::int64_t mount_id) {
  const auto record = Record::read(state.fd(), flight_file(mount_id));
  if (!record) return {};
  const auto now = time_since_boot().count();
  const auto child = find_process(static_cast<pid_t>(record->number("pid"))).value_or(ProcessId{});
  return {{child, "probe", (now - record->number("since")) / 1000}, now > record->number("until")};
}

}  // namespace

// The flock on the mount's probe file belongs to the child alone once it runs: the kernel keeps it
// for exactly as long as the child lives, whatever happens to everybody else.
MountChild run_on_mount(const StateDir& state, const StorageDirView& view, const Deadline& deadline,
                        const std::function<int()>& body) {
  auto flight = open_flight(state, view.mount_id);
  for (auto pause = 1ms; flock(flight.get(), LOCK_EX | LOCK_NB) != 0; pause = std::min(pause * 2, 20ms)) {
    const auto other = read_flight(state, view.mount_id);
    if (deadline.expired() || other.overdue) return {false, false, {}, other.holder};
    std::this_thread::sleep_for(std::min(pause, deadline.left()));
  }
  static_cast<void>(ftruncate(flight.get(), 0) == 0);  // what an earlier child wrote there must not count for this one
  auto child = Child::start({{view.root.get(), flight.get()}, std::nullopt, "/"}, [&] {
    write_flight(flight.get(), deadline);
    return body();
  });
  flight.reset();
  MountChild result{true, child.wait(deadline), child.output(), std::nullopt};
  if (!result.finished && !child.kill(100ms)) {
    result.waiting = read_flight(state, view.mount_id).holder;
    child.abandon();
  }
  return result;
}

ProbeResult probe(const StateDir& state, const StorageDirView& view, bool with_identity, const Deadline& deadline) {
  auto child = run_on_mount(state, view, deadline, [&] { return probe_body(view.root.get(), with_identity); });
  if (!child.started) return {Health::busy, ETIMEDOUT, std::nullopt, std::move(child.waiting)};
  auto result = read_answer(child.output, child.finished);
  result.waiting = std::move(child.waiting);
  return result;
}

std::optional<LockHolder> waiting_probe(const StateDir& state, std::int64_t mount_id) {
  const UniqueFd flight(openat(state.fd(), flight_file(mount_id).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!flight || flock(flight.get(), LOCK_EX | LOCK_NB) == 0) return std::nullopt;
  return read_flight(state, mount_id).holder;
}

void forget_gone_probes(const StateDir& state) {
  std::vector<std::string> mounted;
  for (const auto& row : read_mount_table()) mounted.push_back(flight_file(row.id));
  state.for_each_file([&](const std::string& name) {
    if (!name.starts_with(flight_prefix)) return;
    if (std::find(mounted.begin(), mounted.end(), name) == mounted.end()) state.remove(name);
  });
}

}  // namespace ganeti::gluster
