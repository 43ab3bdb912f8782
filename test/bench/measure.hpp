// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// How long it takes, by a clock that never jumps.
double microseconds(const std::function<void()>& work);

double median(std::vector<double> values);

/// Ends the program with what errno says unless @p condition holds.
void check(bool condition, const char* what);

/// One round trip to a mount's root in a child that can be abandoned, and that is waited for with a limit.
void bare_round_trip(int root);

/// The calls that the promises of a lease need: open the root, look which mount it is, ask it.
void bare_lease(const std::string& dir);

/// Mounts by @p command and waits for the first answer. The command's last word is the mount point.
void bare_mount(const std::vector<std::string>& command);

/// The two programs that mount a volume: the helper itself, and mount(8), which like libmount calls
/// it with "-o rw": that alone costs the shell script several processes.
std::vector<std::string> helper_command(const std::string& source, const std::string& dir);
std::vector<std::string> mount_command(const std::string& source, const std::string& dir);

void run_program(std::vector<std::string> arguments);

/// Makes the next lease ask the mount again, as one does that comes two seconds later.
void forget_last_answer(const std::string& record_file);

}  // namespace bench
