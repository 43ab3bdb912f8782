// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <map>
#include <memory>
#include <regex>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "mount/holds.hpp"

namespace ganeti::gluster {
namespace {

class Uses {
 public:
  explicit Uses(const DiskPrefixes& prefixes) : prefixes_{prefixes.spelled + "/", prefixes.real + "/"} {}

  // The disk that a path names, or nothing; a deleted file's path ends in " (deleted)".
  [[nodiscard]] std::string disk_of(std::string path) const {
    constexpr std::string_view deleted = " (deleted)";
    if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
    for (const auto& prefix : prefixes_) {
      if (path.size() > prefix.size() && path.starts_with(prefix)) return path.substr(prefix.size());
    }
    return {};
  }

  // The path may stand inside an argument, as in `file=/run/ganeti/gluster/ganeti/X.0,format=raw`.
  [[nodiscard]] std::string disk_in(const std::string& argument) const {
    for (const auto& prefix : prefixes_) {
      const auto found = argument.find(prefix);
      if (found == std::string::npos) continue;
      const auto path = argument.substr(found);
      return disk_of(path.substr(0, path.find_first_of(",\"' ")));
    }
    return {};
  }

  // The disk that an argument names in a form by which QEMU or nbdkit reaches it; not one in a line of a shell.
  [[nodiscard]] static std::string gfapi_disk_in(const std::string& argument) {
    static const std::regex form(R"((?:gluster(?:\+[a-z]+)?://|driver"?[=:] ?"?gluster|^disk=).*?)"
                                 R"(\b(ganeti/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]+)(?![0-9]))");
    std::smatch found;
    return argument.find("ganeti/") != std::string::npos && std::regex_search(argument, found, form) ? found[1].str()
                                                                                                     : std::string();
  }

  void add_link(const std::string& disk, const std::string& name) {
    if (!disk.empty()) at(disk).links.push_back(name);
  }

  void add_process(const std::string& disk, pid_t pid, std::vector<pid_t> DiskUse::*kind = &DiskUse::processes) {
    if (disk.empty()) return;
    auto& processes = at(disk).*kind;
    if (std::find(processes.begin(), processes.end(), pid) == processes.end()) processes.push_back(pid);
  }

  [[nodiscard]] std::vector<DiskUse> take() {
    std::vector<DiskUse> list;
    for (auto& [disk, use] : uses_) list.push_back(std::move(use));
    return list;
  }

 private:
  DiskUse& at(const std::string& disk) {
    auto& use = uses_[disk];
    use.disk = disk;
    return use;
  }

  std::vector<std::string> prefixes_;
  std::map<std::string, DiskUse> uses_;
};

void find_links(const std::string& folder, Uses& uses) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(folder.c_str()), closedir);
  if (!dir) return;
  while (const dirent* entry = readdir(dir.get())) {
    const auto target = read_link(dirfd(dir.get()), entry->d_name);
    if (target) uses.add_link(uses.disk_of(*target), entry->d_name);
  }
}

}  // namespace

std::vector<DiskUse> find_disk_uses(const NodePaths& paths, const DiskPrefixes& prefixes) {
  Uses uses(prefixes);
  find_links(paths.instance_disks_dir, uses);
  for_each_process([&](pid_t pid) {
    if (pid == getpid()) return;  // a tool that was told to look at a disk does not use it
    for_each_descriptor(
        pid, [&](const std::string&, const std::string& target) { uses.add_process(uses.disk_of(target), pid); });
    for (const auto& argument : command_line(pid)) {
      const auto by_path = uses.disk_in(argument);
      uses.add_process(by_path, pid);
      if (by_path.empty()) uses.add_process(Uses::gfapi_disk_in(argument), pid, &DiskUse::gfapi_processes);
    }
  });
  return uses.take();
}

}  // namespace ganeti::gluster
