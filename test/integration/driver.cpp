// SPDX-License-Identifier: BSD-2-Clause
//
// Drives the library step by step for the integration tests: one command a line on standard input,
// one JSON object a line as answer, so that a test can make a fault between any two steps.
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include <sys/mman.h>

#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>
#include <ganeti-gluster/mount/mounter.hpp>

namespace gg = ganeti::gluster;
using nlohmann::json;

namespace {

class Driver {
 public:
  explicit Driver(const std::string& storage_dir)
      : mounter_(storage_dir, gg::Settings::load(gg::NodePaths().settings_file)) {}

  json run(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    try {
      return {{"ok", dispatch(command, words)}, {"log", take_log()}};
    } catch (const gg::Error& error) {
      return {{"error", gg::code_name(error.code())}, {"message", error.what()}, {"log", take_log()}};
    }
  }

  void log(const std::string& message) { log_.push_back(message); }

 private:
  json dispatch(const std::string& command, std::istream& words) {
    std::string word;
    words >> word;
    if (command == "mount") {
      lease_.emplace(mounter_.ensure_mounted(gg::GlusterVolume::parse(word)));
      return lease_->storage_dir();
    }
    if (command == "check") return lease_->check(), true;
    if (command == "hold") return lease_->hold(word, gg::HoldReason::assembled), true;
    if (command == "release") {
      const auto result = gg::to_string(lease_->release());
      lease_.reset();
      return result;
    }
    if (command == "drop-hold") return mounter_.drop_hold(word);
    if (command == "move-hold") return move_hold(word, words);
    if (command == "holds") return holds();
    if (command == "rebuild-holds") return mounter_.rebuild_holds();
    if (command == "unmount") return gg::to_string(mounter_.unmount());
    if (command == "state") return gg::to_string(mounter_.status().state);
    if (command == "mlockall") return mlockall(MCL_CURRENT | MCL_FUTURE);
    return work_on_disk(command, gg::DiskPath(word), words);
  }

  json move_hold(const std::string& from, std::istream& words) {
    std::string to;
    words >> to;
    return mounter_.move_hold(from, to), true;
  }

  json holds() {
    json list = json::object();
    for (const auto& status : mounter_.holds()) {
      list[status.hold.disk] = {{"volume", status.hold.volume},
                                {"reason", gg::to_string(status.hold.reason)},
                                {"links", status.use.links},
                                {"processes", status.use.processes},
                                {"stale", status.is_stale()}};
    }
    return list;
  }

  json work_on_disk(const std::string& command, const gg::DiskPath& disk, std::istream& words) {
    gg::FuseStore store(*lease_);
    gg::FileDeviceHelper helper(store, disk);
    std::int64_t mib = 0;
    words >> mib;
    if (command == "create") return helper.create(mib), true;
    if (command == "grow") return helper.grow(mib), true;
    if (command == "exists") return helper.exists();
    if (command == "size") return helper.size();
    if (command == "remove") return helper.remove();
    return "unknown command";
  }

  json take_log() { return std::exchange(log_, json::array()); }

  gg::Mounter mounter_;
  std::optional<gg::Lease> lease_;
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
  for (std::string line; std::getline(std::cin, line);) std::cout << driver.run(line).dump() << std::endl;
  gg::set_log_sink({});
}
