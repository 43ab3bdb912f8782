// SPDX-License-Identifier: BSD-2-Clause
#include "base/process.hpp"

#include <charconv>
#include <csignal>
#include <memory>
#include <sstream>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot to say so
#include <sys/pidfd.h>
}

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/record.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {
namespace {

struct Stat {
  char state = '?';
  std::int64_t start_ticks = 0;
};

std::optional<Stat> read_stat(pid_t pid) {
  const auto content = read_file(AT_FDCWD, fmt::format("/proc/{}/stat", pid));
  if (!content) return std::nullopt;
  const auto end_of_name = content->rfind(')');  // the name may hold anything, ')' too
  if (end_of_name == std::string::npos) return std::nullopt;
  std::istringstream fields(content->substr(end_of_name + 1));
  Stat stat;
  fields >> stat.state;
  std::int64_t field = 0;
  for (int i = 4; i <= 22 && fields >> field; ++i) stat.start_ticks = field;
  return stat;
}

std::optional<pid_t> parse_pid(const char* name) {
  pid_t pid = 0;
  const char* end = name + std::char_traits<char>::length(name);
  const auto [stop, error] = std::from_chars(name, end, pid);
  if (error != std::errc() || stop != end) return std::nullopt;
  return pid;
}

void for_each_entry(const std::string& path, const std::function<void(const char*)>& visit) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(path.c_str()), closedir);
  if (!dir) return;
  while (const dirent* entry = readdir(dir.get())) visit(entry->d_name);
}

}  // namespace

std::optional<ProcessId> find_process(pid_t pid) {
  const auto stat = read_stat(pid);
  if (!stat || stat->state == 'Z' || stat->state == 'X') return std::nullopt;
  return ProcessId{pid, stat->start_ticks};
}

bool is_alive(const ProcessId& process) { return find_process(process.pid) == process; }

char process_state(pid_t pid) { return read_stat(pid).value_or(Stat{}).state; }

std::int64_t process_age_seconds(const ProcessId& process) {
  return time_since_boot().count() / 1000 - process.start_ticks / sysconf(_SC_CLK_TCK);
}

std::vector<std::string> command_line(pid_t pid) {
  std::vector<std::string> arguments;
  std::istringstream content(read_file(AT_FDCWD, fmt::format("/proc/{}/cmdline", pid)).value_or(""));
  for (std::string argument; std::getline(content, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

std::string command_text(pid_t pid) {
  constexpr std::size_t longest = 120;
  auto text = fmt::format("{}", fmt::join(command_line(pid), " "));
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text.empty() ? command_name(pid) : text;
}

std::string command_name(pid_t pid) {
  auto name = read_file(AT_FDCWD, fmt::format("/proc/{}/comm", pid)).value_or("");
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

void for_each_process(const std::function<void(pid_t)>& visit) {
  for_each_entry("/proc", [&](const char* name) {
    if (const auto pid = parse_pid(name)) visit(*pid);
  });
}

void for_each_descriptor(pid_t pid, const std::function<void(const std::string&, const std::string&)>& visit) {
  const auto folder = fmt::format("/proc/{}/fd", pid);
  for_each_entry(folder, [&](const char* name) {
    if (const auto target = read_link(AT_FDCWD, fmt::format("{}/{}", folder, name))) visit(name, *target);
  });
}

bool kill_process(const ProcessId& process) {
  const UniqueFd pidfd(pidfd_open(process.pid, 0));
  if (!pidfd || !is_alive(process)) return true;  // checked after the open: now the number is pinned
  pidfd_send_signal(pidfd.get(), SIGKILL, nullptr, 0);
  pollfd watched{pidfd.get(), POLLIN, 0};
  return poll(&watched, 1, 1000) == 1;
}

}  // namespace ganeti::gluster
