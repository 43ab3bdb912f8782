// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace ganeti::gluster {

/// A process that cannot be mistaken for a later one with the same number.
struct ProcessId {
  pid_t pid = 0;
  std::int64_t start_ticks = 0;  ///< clock ticks after boot, field 22 of proc(5)'s stat

  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// The process that has this number now; nothing if there is none or only a zombie is left of it.
[[nodiscard]] std::optional<ProcessId> find_process(pid_t pid);
[[nodiscard]] bool is_alive(const ProcessId& process);
/// State letter of proc(5)'s stat (R, S, D, T, ...), or '?'.
[[nodiscard]] char process_state(pid_t pid);
/// Seconds since it was started.
[[nodiscard]] std::int64_t process_age_seconds(const ProcessId& process);

[[nodiscard]] std::vector<std::string> command_line(pid_t pid);
/// The command line as one line for messages, cut at 120 characters.
[[nodiscard]] std::string command_text(pid_t pid);
/// Name of the executable, at most 15 characters.
[[nodiscard]] std::string command_name(pid_t pid);

void for_each_process(const std::function<void(pid_t)>& visit);

/// Targets of a process's open descriptors as the kernel names them.
void for_each_descriptor(pid_t pid,
                         const std::function<void(const std::string& number, const std::string& target)>& visit);

/// Kills a process (never another one that got its number meanwhile) and waits until it is gone.
/// @returns false if it is still there after a second.
bool kill_process(const ProcessId& process);

}  // namespace ganeti::gluster
