// SPDX-License-Identifier: BSD-2-Clause
#include "mount/client.hpp"

#include <algorithm>

#include <fcntl.h>

#include <fmt/format.h>

#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

bool shares_namespace(pid_t pid, const char* kind) {
  return read_link(AT_FDCWD, fmt::format("/proc/{}/ns/{}", pid, kind)) ==
         read_link(AT_FDCWD, fmt::format("/proc/self/ns/{}", kind));
}

bool in_our_mount_namespace(pid_t pid) { return shares_namespace(pid, "mnt"); }

// True if the process has the FUSE device open for this row's connection, as far as can be told.
bool serves(pid_t pid, const MountRow& row) {
  bool serving = false;
  for_each_descriptor(pid, [&](const std::string& number, const std::string& target) {
    if (target != "/dev/fuse" || serving) return;
    const auto info = read_file(AT_FDCWD, fmt::format("/proc/{}/fdinfo/{}", pid, number)).value_or("");
    constexpr std::string_view key = "fuse_connection:\t";
    const auto found = info.find(key);
    serving =
        found == std::string::npos || info.substr(found + key.size(), info.find('\n', found) - found - key.size()) ==
                                          std::to_string(row.device_minor);
  });
  return serving;
}

bool ends_with_target(pid_t pid, const std::string& target) {
  const auto arguments = command_line(pid);
  return arguments.size() > 1 && arguments.back() == target;
}

}  // namespace

std::vector<ProcessId> find_clients(const MountRow& row) {
  std::vector<ProcessId> clients;
  for_each_process([&](pid_t pid) {
    if (!command_name(pid).starts_with("glusterfs") || !ends_with_target(pid, row.target)) return;
    if (!in_our_mount_namespace(pid) || !serves(pid, row)) return;
    if (const auto process = find_process(pid)) clients.push_back(*process);
  });
  return clients;
}

std::vector<ProcessId> find_hidden_clients(const std::string& target) {
  std::vector<ProcessId> clients;
  for_each_process([&](pid_t pid) {
    if (!command_name(pid).starts_with("glusterfs") || !ends_with_target(pid, target)) return;
    if (in_our_mount_namespace(pid) || !shares_namespace(pid, "pid")) return;
    if (const auto process = find_process(pid)) clients.push_back(*process);
  });
  return clients;
}

std::vector<ProcessId> find_attempt_processes(const std::string& target, std::int64_t since_ticks) {
  std::vector<ProcessId> processes;
  for_each_process([&](pid_t pid) {
    const auto name = command_name(pid);
    if (!name.starts_with("glusterfs") && !name.starts_with("mount.gluster")) return;
    const auto arguments = command_line(pid);
    if (std::find(arguments.begin(), arguments.end(), target) == arguments.end()) return;
    const auto process = find_process(pid);
    if (process && process->start_ticks >= since_ticks && in_our_mount_namespace(pid)) processes.push_back(*process);
  });
  return processes;
}

}  // namespace ganeti::gluster
