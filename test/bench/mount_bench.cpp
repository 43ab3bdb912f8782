// SPDX-License-Identifier: BSD-2-Clause
//
// Measures leases and mounts against the bare calls that the same promises need, alternating the
// two in one process, and prints medians and their ratio. Run by test/bench/run inside the client
// of a test cluster: absolute times mean nothing on a shared machine.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <sys/mman.h>

#include <fmt/format.h>

#include <ganeti-gluster/mount/mounter.hpp>

#include "measure.hpp"

namespace gg = ganeti::gluster;
using bench::check;
using bench::median;
using bench::microseconds;

namespace {

void report(const std::string& what, const std::vector<double>& bare, const std::vector<double>& ours, double limit) {
  fmt::print("{:<44} {:>10.0f} {:>10.0f} {:>7.2f} {:>7.2f}\n", what, median(bare), median(ours),
             median(ours) / median(bare), limit);
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
    bare.push_back(microseconds([&] { bench::bare_lease(dir); }));
    bench::forget_last_answer(record_file);
    asking.push_back(time_lease(mounter, volume).lease);
    const auto again = time_lease(mounter, volume);
    remembered.push_back(again.lease);
    release.push_back(again.release);
  }
  report("lease on a mounted volume", bare, asking, 1.5);
  report("lease within 2 s of a good answer", bare, remembered, 1.5);
  report("giving a held lease back", bare, release, 1.0);
}

double time_bare_mount(const std::vector<std::string>& command) {
  const auto time = microseconds([&] { bench::bare_mount(command); });
  bench::run_program({"/bin/umount", command.back()});
  return time;
}

void bench_mounts(const gg::Mounter& mounter, const gg::GlusterVolume& volume, const std::string& dir, int rounds) {
  const auto source = volume.fuse_source();
  std::vector<double> helper;
  std::vector<double> mount;
  std::vector<double> ours;
  for (int i = 0; i < rounds; ++i) {
    helper.push_back(time_bare_mount(bench::helper_command(source, dir)));
    mount.push_back(time_bare_mount(bench::mount_command(source, dir)));
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
