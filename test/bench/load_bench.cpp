// SPDX-License-Identifier: BSD-2-Clause
//
// What loading the shared library costs a process that runs under mlockall, as Ganeti's node daemon
// does: memory that is its own, and threads.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <dlfcn.h>
#include <sys/mman.h>

namespace {

long sum_of(const char* file, const char* prefix) {
  std::ifstream lines(file);
  long sum = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(prefix)) sum += std::atol(line.substr(line.find(':') + 1).c_str());
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return 2;
  const char* rollup = "/proc/self/smaps_rollup";
  const long dirty = sum_of(rollup, "Private_Dirty");
  const long clean = sum_of(rollup, "Private_Clean");
  if (dlopen(argv[1], RTLD_NOW) == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  std::printf(
      "loading the library: private memory grew by %ld KiB written and %ld KiB of program text that no other "
      "process has mapped; threads: %ld\n",
      sum_of(rollup, "Private_Dirty") - dirty, sum_of(rollup, "Private_Clean") - clean,
      sum_of("/proc/self/status", "Threads"));
}
