// SPDX-License-Identifier: BSD-2-Clause
//
// Measures leases and mounts against the bare calls that the same promises need, alternating the
// two in one process, and prints medians and their ratio. Run by test/bench/run inside the client
// of a test cluster: absolute times mean nothing on a shared machine.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/mount/mounter.hpp>

namespace gg = ganeti::gluster;
using Clock = std::chrono::steady_clock;

namespace {

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

// One round trip to the root in a child that can be abandoned, and that is waited for with a limit.
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

void report(const std::string& what, const std::vector<double>& bare, const std::vector<double>& ours, double limit) {
  fmt::print("{:<44} {:>10.0f} {:>10.0f} {:>7.2f} {:>7.2f}\n", what, median(bare), median(ours),
             median(ours) / median(bare), limit);
}

// Makes the next lease ask the mount again, as one does that comes two seconds later.
void forget_last_answer(const std::string& record_file) {
  std::ostringstream content;
  content << std::ifstream(record_file).rdbuf();
  auto text = content.str();
  const auto at = text.find("last_well = ");
  check(at != std::string::npos, "mount record");
  text.replace(at, text.find('\n', at) - at, "last_well = 0");
  std::ofstream(record_file) << text;
}

struct Timed {
  double lease = 0;
  double release = 0;
  gg::Release outcome = gg::Release::busy;
};

Timed time_lease(const gg::Mounter& mounter, const gg::GlusterVolume& volume) {
  Timed timed;
  std::optional<gg::Lease> lease;
  timed.lease = microseconds([&] { lease.emplace(mounter.ensure_mounted(volume)); });
  timed.release = microseconds([&] { timed.outcome = lease->release(); });
  return timed;
}

void bench_leases(const gg::Mounter& mounter, const gg::GlusterVolume& volume, const std::string& dir,
                  const std::string& record_file, int rounds) {
  std::vector<double> bare;
  std::vector<double> asking;
  std::vector<double> remembered;
  std::vector<double> release;
  for (int i = 0; i < rounds; ++i) {
    bare.push_back(microseconds([&] { bare_lease(dir); }));
    forget_last_answer(record_file);
    asking.push_back(time_lease(mounter, volume).lease);
    const auto again = time_lease(mounter, volume);
    remembered.push_back(again.lease);
    release.push_back(again.release);
  }
  report("lease on a mounted volume", bare, asking, 1.5);
  report("lease within 2 s of a good answer", bare, remembered, 1.5);
  report("giving a held lease back", bare, release, 1.0);
}

double time_bare_mount(const std::vector<std::string>& command, const std::string& dir) {
  const auto time = microseconds([&] {
    run_program(command);
    const int root = open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    bare_round_trip(root);
    close(root);
  });
  run_program({"/bin/umount", dir});
  return time;
}

// Against the helper itself, and against mount(8), which like libmount calls it with "-o rw": that
// alone costs the shell script several processes.
void bench_mounts(const gg::Mounter& mounter, const gg::GlusterVolume& volume, const std::string& dir, int rounds) {
  const auto source = volume.fuse_source();
  std::vector<double> helper;
  std::vector<double> mount;
  std::vector<double> ours;
  for (int i = 0; i < rounds; ++i) {
    helper.push_back(time_bare_mount({"/sbin/mount.glusterfs", source, dir}, dir));
    mount.push_back(time_bare_mount({"/bin/mount", "-t", "glusterfs", source, dir}, dir));
    const auto timed = time_lease(mounter, volume);
    check(timed.outcome == gg::Release::released, "release");
    ours.push_back(timed.lease);
  }
  report(fmt::format("mounting {}", source), helper, ours, 1.1);
  report("... against mount(8)", mount, ours, 1.1);
}

long private_kib() {
  std::ifstream file("/proc/self/smaps_rollup");
  long sum = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Private_")) sum += std::atol(line.substr(line.find(':') + 1).c_str());
  }
  return sum;
}

std::string threads() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("Threads:")) return line.substr(8);
  }
  return "?";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: mount_bench STORAGE_DIR VOLUME MOUNT_RECORD ROUNDS\n");
    return 2;
  }
  const std::string dir = argv[1];
  const auto volume = gg::GlusterVolume::parse(argv[2]);
  const int rounds = std::atoi(argv[4]);
  check(mlockall(MCL_CURRENT | MCL_FUTURE) == 0, "mlockall");
  const gg::Mounter mounter(dir);
  { auto first = mounter.ensure_mounted(volume); }  // makes the storage dir
  const long before = private_kib();
  fmt::print("{:<44} {:>10} {:>10} {:>7} {:>7}\n", "medians, under mlockall", "bare us", "ours us", "ratio", "limit");
  bench_mounts(mounter, volume, dir, std::max(5, rounds / 10));
  auto lease = mounter.ensure_mounted(volume);
  lease.hold(gg::admin_hold, gg::HoldReason::admin);
  bench_leases(mounter, volume, dir, argv[3], rounds);
  fmt::print("private memory grew by {} KiB over all of these; threads:{}\n", private_kib() - before, threads());
  mounter.drop_hold(gg::admin_hold);
}
