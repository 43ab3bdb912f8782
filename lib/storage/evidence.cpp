// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/evidence.hpp>

#include <algorithm>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/version.hpp>

#include "base/child.hpp"
#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "gfapi/worker_task.hpp"
#include "mount/client_log.hpp"
#include "mount/mount_table.hpp"
#include "mount/status.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* client_program = "/usr/sbin/glusterfs";

std::string glusterfs_version() {
  auto child = Child::start({}, exec_body({client_program, "--version"}));
  if (!child.wait(Deadline::in(std::chrono::seconds(5)))) return fmt::format("{} does not answer", client_program);
  if (child.exit_status() != 0) return fmt::format("{} cannot be run", client_program);
  return child.output().substr(0, child.output().find('\n'));
}

// As the mount table spells it.
std::string real_storage_dir(const Mounter& mounter) {
  return StorageDir(mounter.storage_dir()).real().value_or(mounter.storage_dir());
}

bool is_at_or_below(const std::string& path, const std::string& dir) {
  return path == dir || path.starts_with(dir + '/');
}

LogTail read_tail(const std::string& path, std::size_t most_lines) {
  constexpr off_t most_bytes = 128L << 10U;
  LogTail tail{path, {}};
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return tail;
  const off_t from = std::max<off_t>(0, status.st_size - most_bytes);
  std::string log(static_cast<std::size_t>(status.st_size - from), '\0');
  const auto n = pread(fd.get(), log.data(), log.size(), from);
  log.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  if (from > 0) log.erase(0, log.find('\n') + 1);  // part of a line
  std::istringstream text(log);
  for (std::string line; std::getline(text, line);) tail.lines.push_back(line);
  const auto surplus = tail.lines.size() - std::min(tail.lines.size(), most_lines);
  tail.lines.erase(tail.lines.begin(), tail.lines.begin() + static_cast<std::ptrdiff_t>(surplus));
  return tail;
}

}  // namespace

SoftwareVersions software_versions() {
  struct utsname kernel {};
  uname(&kernel);
  return {GANETI_GLUSTER_VERSION, libmount_version(), glusterfs_version(),
          fmt::format("{} {} {}", kernel.sysname, kernel.release, kernel.machine)};
}

std::vector<std::string> mount_lines(const Mounter& mounter) {
  constexpr int target_field = 4;
  const auto dir = real_storage_dir(mounter);
  std::vector<std::string> found;
  std::istringstream table(read_file(AT_FDCWD, "/proc/self/mountinfo").value_or(""));
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string target;
    for (int i = 0; i <= target_field; ++i) words >> target;
    if (is_at_or_below(target, dir)) found.push_back(line);
  }
  return found;
}

std::vector<ProcessStatus> gluster_processes(const Mounter& mounter) {
  const auto dir = real_storage_dir(mounter);
  std::vector<ProcessStatus> found;
  for_each_process([&](pid_t pid) {
    const auto name = command_name(pid);
    const bool is_worker = name == "gfapi-worker";
    if (!is_worker && !name.starts_with("glusterfs") && !name.starts_with("mount.gluster")) return;
    const auto words = command_line(pid);
    const bool is_ours = is_worker || std::any_of(words.begin(), words.end(),
                                                  [&](const auto& word) { return is_at_or_below(word, dir); });
    if (!is_ours) return;
    if (const auto process = find_process(pid)) found.push_back(describe(*process));
  });
  return found;
}

std::vector<LogTail> log_tails(const Mounter& mounter, std::size_t most_lines) {
  const auto& dir = mounter.paths().client_log_dir;
  return {read_tail(ClientLog(dir, real_storage_dir(mounter)).path(), most_lines),
          read_tail(fmt::format("{}/{}.log", dir, worker_log_name), most_lines)};
}

}  // namespace ganeti::gluster
