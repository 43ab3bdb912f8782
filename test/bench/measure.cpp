// SPDX-License-Identifier: BSD-2-Clause
#include "measure.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

using Clock = std::chrono::steady_clock;

double microseconds(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void check(bool condition, const char* what) {
  if (condition) return;
  std::perror(what);
  std::exit(1);
}

void bare_round_trip(int root) {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC) == 0, "pipe");
  const pid_t child = fork();
  if (child == 0) {
    struct statx status {};
    const char answer =
        statx(root, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &status) == 0 ? 'y' : 'n';
    _exit(write(ends[1], &answer, 1) == 1 ? 0 : 1);
  }
  close(ends[1]);
  pollfd watched{ends[0], POLLIN, 0};
  char answer = 0;
  check(poll(&watched, 1, 10'000) == 1 && read(ends[0], &answer, 1) == 1 && answer == 'y', "round trip");
  close(ends[0]);
  waitpid(child, nullptr, 0);
}

void bare_lease(const std::string& dir) {
  const int root = open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  check(root >= 0, "open");
  struct statx status {};
  check(statx(root, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &status) == 0, "statx");
  std::ostringstream table;
  table << std::ifstream("/proc/self/mountinfo").rdbuf();
  check(!table.str().empty(), "mountinfo");
  bare_round_trip(root);
  close(root);
}

void bare_mount(const std::vector<std::string>& command) {
  run_program(command);
  const int root = open(command.back().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  bare_round_trip(root);
  close(root);
}

std::vector<std::string> helper_command(const std::string& source, const std::string& dir) {
  return {"/sbin/mount.glusterfs", source, dir};
}

std::vector<std::string> mount_command(const std::string& source, const std::string& dir) {
  return {"/bin/mount", "-t", "glusterfs", source, dir};
}

void run_program(std::vector<std::string> arguments) {
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  check(status == 0, arguments[0].c_str());
}

void forget_last_answer(const std::string& record_file) {
  std::ostringstream content;
  content << std::ifstream(record_file).rdbuf();
  auto text = content.str();
  const auto at = text.find("last_well = ");
  check(at != std::string::npos, "mount record");
  text.replace(at, text.find('\n', at) - at, "last_well = 0");
  std::ofstream(record_file) << text;
}

}  // namespace bench
