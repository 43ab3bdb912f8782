// SPDX-License-Identifier: BSD-2-Clause
//
// Drives the library step by step for the integration tests: one command a line on standard input,
// one JSON object a line as answer, so that a test can make a fault between any two steps.
#include <array>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/gfapi/gfapi_store.hpp>
#include <ganeti-gluster/log.hpp>
#include <ganeti-gluster/mount/mounter.hpp>
#include <ganeti-gluster/storage/gluster_storage.hpp>
#include <ganeti-gluster/storage/report.hpp>

#include "driver_json.hpp"

namespace {

class Driver {
 public:
  explicit Driver(const std::string& storage_dir)
      : mounter_(storage_dir, gg::Settings::load(gg::NodePaths().settings_file)) {}

  json run(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    progress_ = json::array();
    try {
      return {{"ok", dispatch(command, words)}, {"log", take_log()}};
    } catch (const gg::Error& error) {
      return {{"error", gg::code_name(error.code())}, {"message", error.what()}, {"log", take_log()}};
    } catch (const std::runtime_error& error) {  // the driver's own
      return {{"error", "DRIVER"}, {"message", error.what()}, {"log", take_log()}};
    }
  }

  void log(const std::string& message) { log_.push_back(message); }

 private:
  json dispatch(const std::string& command, std::istream& words) {
    std::string word;
    words >> word;
    if (command == "mount") {
      lease_.emplace(mounter_.ensure_mounted(gg::GlusterVolume::parse(word)));
      store_ = std::make_unique<gg::FuseStore>(*lease_);
      return lease_->storage_dir();
    }
    if (command == "connect") return connect(gg::GlusterVolume::parse(word)), true;
    if (command == "disconnect") return store_.reset(), true;
    if (command == "check") return lease_->check(), true;
    if (command == "hold") return lease_->hold(word, gg::HoldReason::assembled), true;
    if (command == "release") {
      const auto result = gg::to_string(lease_->release());
      store_.reset();
      lease_.reset();
      return result;
    }
    if (command == "drop-hold") return mounter_.drop_hold(word);
    if (command == "move-hold") return move_hold(word, words);
    if (command == "holds") return print(mounter_.holds());
    if (command == "rebuild-holds") return mounter_.rebuild_holds();
    if (command == "unmount") return gg::to_string(mounter_.unmount());
    if (command == "state") return gg::to_string(mounter_.status().state);
    if (command == "mounted-volume") return mounted_volume();
    if (command == "used-volumes") return used_volumes();
    if (command == "report") return report();
    if (command == "in-child") return in_child(word, words);
    if (command == "leave-child") return leave_child();
    if (command == "exit") _exit(0);
    if (command == "mlockall") return mlockall(MCL_CURRENT | MCL_FUTURE);
    if (command == "umask") return umask(static_cast<mode_t>(std::stoul(word, nullptr, 8)));
    if (command == "disk") return make_disk(word, words);
    if (command == "on") return work_on_storage(disks_.at(word), words);
    if (command == "drop") return disks_.erase(word);
    return work_on_disk(command, gg::DiskPath(word), words);
  }

  // in-child COMMAND...: what a forked child answers, that ends in good order
  json in_child(std::string line, std::istream& words) {
    std::string rest;
    std::getline(words, rest);
    line += rest;
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t pid = fork();
    if (pid == 0) {
      const auto answer = run(line).dump();
      const bool is_written = ::write(ends[1], answer.data(), answer.size()) == static_cast<ssize_t>(answer.size());
      std::exit(is_written ? 0 : 1);
    }
    close(ends[1]);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return {{"answer", json::parse(answer, nullptr, false)}, {"status", status}};
  }

  // A forked child that keeps what it inherits until it is killed.
  static json leave_child() {
    const pid_t pid = fork();
    while (pid == 0) pause();
    return pid;
  }

  // disk NAME VOLUME DISK [userspace]: as the node daemon makes one for each request.
  json make_disk(const std::string& name, std::istream& words) {
    std::string volume;
    std::string disk;
    words >> volume >> disk;
    std::string access;
    words >> access;
    const gg::PathPolicy policy(mounter_.paths().file_storage_paths_file);
    const gg::DiskAddress address{gg::GlusterVolume::parse(volume), gg::DiskPath(disk),
                                  access == "userspace" ? gg::DiskAccess::userspace : gg::DiskAccess::kernelspace};
    disks_.insert_or_assign(name, gg::GlusterStorage(mounter_, address, policy));
    return true;
  }

  void connect(const gg::GlusterVolume& volume) {
    auto store = std::make_unique<gg::GfapiStore>(volume, mounter_.settings().for_volume(volume.name()));
    store->connect();
    store_ = std::move(store);
  }

  // on NAME COMMAND [ARGUMENT]
  static json work_on_storage(gg::GlusterStorage& disk, std::istream& words) {
    std::string command;
    std::string word;
    words >> command >> word;
    const auto mib = [&word] { return std::stoll(word); };
    if (command == "create") return create(disk, mib()), true;
    if (command == "create-bare") return disk.create(mib()), true;  // as Ganeti's creation, which calls set-info next
    if (command == "attach") return disk.attach();
    if (command == "state") return gg::to_string(disk.state());
    if (command == "assemble") return disk.assemble(), true;
    if (command == "open") return disk.open(), true;
    if (command == "hold-path") return disk.hold_path(), true;
    if (command == "close") return disk.close(), true;
    if (command == "shutdown") return disk.shutdown(), true;
    if (command == "remove") return disk.remove();
    if (command == "rename") return disk.rename(gg::DiskPath(word)), true;
    if (command == "grow") return disk.grow(mib()), true;
    if (command == "check-grow") return disk.check_grow(mib()), true;
    if (command == "size") return disk.size();
    if (command == "info") return print(disk.info());
    if (command == "set-info") return set_info(disk, word, words), true;
    if (command == "label") return print(disk.label());
    if (command == "space") return print(disk.space());
    if (command == "device-path") return disk.device_path();
    throw std::runtime_error("unknown command");
  }

  static void create(gg::GlusterStorage& disk, std::int64_t mib) {
    gg::ImageLabel label;
    label.disk_uuid = "uuid-of-the-disk";
    disk.create(mib, label);
  }

  // set-info TEXT [UUID]
  static void set_info(gg::GlusterStorage& disk, const std::string& text, std::istream& words) {
    std::string disk_uuid;
    words >> disk_uuid;
    disk.set_info(text, disk_uuid);
  }

  json mounted_volume() {
    const auto volume = mounter_.find_mounted_volume();
    return volume ? json(volume->to_string()) : json();
  }

  json used_volumes() {
    json list = json::array();
    for (const auto& volume : mounter_.used_volumes()) list.push_back(volume.to_string());
    return list;
  }

  json report() {
    const auto report = gg::report_space(mounter_);
    auto row = print(report.space);
    row["volume"] = report.volume.to_string();
    return row;
  }

  json move_hold(const std::string& from, std::istream& words) {
    std::string to;
    words >> to;
    return mounter_.move_hold(from, to), true;
  }

  json work_on_disk(const std::string& command, const gg::DiskPath& disk, std::istream& words) {
    if (!store_) throw std::runtime_error("neither mounted nor connected");
    gg::FileDeviceHelper helper(*store_, disk);
    if (command == "move") {
      std::string to;
      words >> to;
      return helper.move(gg::DiskPath(to)), true;
    }
    if (command == "exists") return helper.exists();
    if (command == "size") return helper.size();
    if (command == "remove") return helper.remove();

    // COMMAND DISK MIB [PREALLOCATION [OVERCOMMIT]]
    std::int64_t mib = 0;
    std::string preallocation;
    std::string overcommit;
    words >> mib >> preallocation >> overcommit;
    const gg::SpaceOptions options{read<gg::Preallocation>(preallocation), read<gg::Overcommit>(overcommit),
                                   [this](std::uint64_t done, std::uint64_t total) {
                                     progress_.push_back({done, total});
                                   }};
    if (command == "create") return helper.create(mib, gg::ImageLabel(), options), take_progress();
    if (command == "grow") return helper.grow(mib, options), take_progress();
    throw std::runtime_error("unknown command");
  }

  // The names are those of the settings; without one the settings' default.
  template <typename Policy>
  static Policy read(const std::string& name) {
    for (const auto policy : {Policy{0}, Policy{1}, Policy{2}}) {
      if (gg::to_string(policy) == name) return policy;
    }
    return std::is_same_v<Policy, gg::Overcommit> ? Policy{1} : Policy{0};
  }

  // How far the work told that it was; true if it told nothing.
  json take_progress() {
    const auto progress = std::exchange(progress_, json::array());
    return progress.empty() ? json(true) : progress;
  }

  json take_log() { return std::exchange(log_, json::array()); }

  gg::Mounter mounter_;
  std::optional<gg::Lease> lease_;
  std::unique_ptr<gg::ImageStore> store_;  // by the lease, or by libgfapi
  std::map<std::string, gg::GlusterStorage> disks_;
  json progress_ = json::array();
  json log_ = json::array();
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: driver STORAGE_DIR\n";
    return 2;
  }
  Driver driver(argv[1]);
  gg::set_log_sink([&](gg::LogLevel, std::string_view message) { driver.log(std::string(message)); });
  for (std::string line; std::getline(std::cin, line);) {
    // What images say of themselves may be no UTF-8.
    std::cout << driver.run(line).dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
  gg::set_log_sink({});
}
