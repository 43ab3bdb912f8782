// SPDX-License-Identifier: BSD-2-Clause
//
// Measures what a disk's life needs against the bare calls, alternating the two in one process, and
// prints all samples as JSON: test/bench/run collects those of several turns, between which Ganeti's
// own backend does the same.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/storage/gluster_storage.hpp>

#include "measure.hpp"

namespace gg = ganeti::gluster;
using bench::check;
using bench::microseconds;

namespace {

constexpr std::int64_t size_mib = 1024;
constexpr std::int64_t grow_mib = 64;

gg::DiskPath next_disk() {
  static int number = 0;
  return gg::DiskPath(fmt::format("ganeti/{:08x}-0000-4000-8000-000000000000.{}", getpid(), number++));
}

off_t in_bytes(std::int64_t mib) { return static_cast<off_t>(mib << 20U); }

void bare_sync_folder(const std::string& image) {
  const auto folder = std::filesystem::path(image).parent_path();
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  check(fd >= 0 && fsync(fd) == 0 && close(fd) == 0, "fsync of the folder");
}

void bare_create(const std::string& image) {
  const int fd = open(image.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  check(fd >= 0 && ftruncate(fd, in_bytes(size_mib)) == 0 && fsync(fd) == 0, "create");
  bare_sync_folder(image);
  check(close(fd) == 0, "close");
}

void bare_look(const std::string& image) {
  struct stat status {};
  const int fd = open(image.c_str(), O_RDONLY | O_CLOEXEC);
  check(fd >= 0 && fstat(fd, &status) == 0 && close(fd) == 0, "open and stat");
}

void bare_attach(const std::string& dir, const std::string& image) {
  bench::bare_lease(dir);
  bare_look(image);
}

void bare_grow(const std::string& image) {
  const int fd = open(image.c_str(), O_RDWR | O_CLOEXEC);
  check(fd >= 0 && ftruncate(fd, in_bytes(size_mib + grow_mib)) == 0 && fsync(fd) == 0 && close(fd) == 0, "grow");
}

// Past the kernel's cache, as the size of a disk must be.
void bare_size(const std::string& image) {
  struct statx status {};
  check(statx(AT_FDCWD, image.c_str(), AT_STATX_FORCE_SYNC, STATX_SIZE, &status) == 0, "size");
}

void bare_remove(const std::string& image) {
  check(unlink(image.c_str()) == 0, "unlink");
  bare_sync_folder(image);
}

// Each FUSE client says once in its log that it started.
int started_clients() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(gg::NodePaths().client_log_dir)) {
    std::ifstream log(entry.path());
    for (std::string line; std::getline(log, line);) {
      if (line.find("Started running ") != std::string::npos) ++count;
    }
  }
  return count;
}

class DiskBench {
 public:
  DiskBench(const std::string& dir, gg::GlusterVolume volume, std::string record_file)
      : mounter_(dir), volume_(std::move(volume)), record_file_(std::move(record_file)) {}

  void bench_unmounted(int rounds) {
    const auto source = volume_.fuse_source();
    for (int i = 0; i < rounds; ++i) {
      our_life_unmounted();  // first: it makes the folder of disks
      bare_life_unmounted("after mount.glusterfs", bench::helper_command(source, mounter_.storage_dir()));
      bare_life_unmounted("after mount(8)", bench::mount_command(source, mounter_.storage_dir()));
    }
  }

  void bench_mounted(int rounds) {
    auto lease = mounter_.ensure_mounted(volume_);
    lease.hold(gg::admin_hold, gg::HoldReason::admin);
    auto kept = storage(next_disk());
    kept.create(size_mib);
    const std::array<std::function<void()>, 3> lives{
        [&] { bare_life_mounted(); },
        [&] {
          bench::forget_last_answer(record_file_);
          our_life_mounted("ours create");
        },
        [&] { our_life_mounted("ours create again"); },
    };
    for (int i = 0; i < rounds; ++i) {
      attach_mounted(kept);
      // In turns, since bricks are slower for a while after a removal.
      for (std::size_t turn = 0; turn < lives.size(); ++turn)
        lives[(static_cast<std::size_t>(i) + turn) % lives.size()]();
    }
    kept.remove();
    mounter_.drop_hold(gg::admin_hold);
  }

  [[nodiscard]] const std::map<std::string, std::vector<double>>& samples() const { return samples_; }

 private:
  [[nodiscard]] gg::GlusterStorage storage(const gg::DiskPath& disk) const {
    return {mounter_, {volume_, disk}, gg::PathPolicy(mounter_.paths().file_storage_paths_file)};
  }
  [[nodiscard]] std::string path(const gg::DiskPath& disk) const { return mounter_.storage_dir() + "/" + disk.text(); }

  void time(const std::string& what, const std::function<void()>& work) {
    samples_[what].push_back(microseconds(work));
  }

  // The object is dropped outside of what is timed: mounting is measured, and not unmounting.
  void time_unmounted(const std::string& what, const gg::DiskPath& disk,
                      const std::function<void(gg::GlusterStorage&)>& work) {
    std::optional<gg::GlusterStorage> used;
    const int before = started_clients();
    time("ours " + what + " unmounted", [&] { work(used.emplace(storage(disk))); });
    samples_["ours mounts of " + what].push_back(started_clients() - before);
  }

  void bare_life_unmounted(const std::string& how, const std::vector<std::string>& mount) {
    const std::vector<std::string> umount{"/bin/umount", mounter_.storage_dir()};
    const auto image = path(next_disk());
    const auto timed = [&](const std::string& what, const std::function<void()>& work) {
      time("bare " + what + " " + how, work);
    };
    timed("create", [&] {
      bench::bare_mount(mount);
      bare_create(image);
    });
    bench::run_program(umount);
    timed("attach", [&] {
      bench::bare_mount(mount);
      bare_look(image);
    });
    bench::run_program(umount);
    timed("remove", [&] {
      bench::bare_mount(mount);
      bare_remove(image);
      bench::run_program(umount);
    });
  }

  void our_life_unmounted() {
    const auto disk = next_disk();
    time_unmounted("create", disk, [](gg::GlusterStorage& used) { used.create(size_mib); });
    time_unmounted("attach", disk, [](gg::GlusterStorage& used) { check(used.attach(), "attach"); });
    time_unmounted("remove", disk, [](gg::GlusterStorage& used) { check(used.remove(), "remove"); });
  }

  void attach_mounted(const gg::GlusterStorage& kept) {
    const auto attach = [&] { check(storage(kept.disk()).attach(), "attach"); };
    time("bare attach", [&] { bare_attach(mounter_.storage_dir(), path(kept.disk())); });
    bench::forget_last_answer(record_file_);
    time("ours attach", attach);
    time("ours attach again", attach);
  }

  void bare_life_mounted() {
    const auto image = path(next_disk());
    time("bare create", [&] { bare_create(image); });
    time("bare size", [&] { bare_size(image); });
    time("bare grow", [&] { bare_grow(image); });
    time("bare remove", [&] { bare_remove(image); });
  }

  void our_life_mounted(const std::string& how) {
    const auto disk = next_disk();
    time(how, [&] { storage(disk).create(size_mib); });
    auto used = storage(disk);
    check(used.attach(), "attach");
    time("ours size", [&] { check(used.size() == static_cast<std::uint64_t>(in_bytes(size_mib)), "size"); });
    time("ours grow", [&] { used.grow(grow_mib); });
    time("ours remove", [&] { check(used.remove(), "remove"); });
  }

  gg::Mounter mounter_;
  gg::GlusterVolume volume_;
  std::string record_file_;
  std::map<std::string, std::vector<double>> samples_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: disk_bench STORAGE_DIR VOLUME MOUNT_RECORD ROUNDS_UNMOUNTED ROUNDS_MOUNTED\n");
    return 2;
  }
  check(mlockall(MCL_CURRENT | MCL_FUTURE) == 0, "mlockall");
  DiskBench disks(argv[1], gg::GlusterVolume::parse(argv[2]), argv[3]);
  disks.bench_unmounted(std::atoi(argv[4]));
  disks.bench_mounted(std::atoi(argv[5]));
  fmt::print("{}\n", nlohmann::json(disks.samples()).dump());
}
