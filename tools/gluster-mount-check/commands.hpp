// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>

#include "arguments.hpp"

namespace ganeti::gluster::tool {

/// What the command line asked for, run once all of it has been read. @returns the exit status.
using Action = std::function<int(const CheckArguments&)>;

/// The exit status of everything that says nothing of the node: usage, help, version, failures.
inline constexpr int exit_unknown = static_cast<int>(Severity::unknown);

// Each adds one command to the program, and sets the action if the command line names it.
void add_explain(CLI::App& app, Action& action);
void add_mute(CLI::App& app, Action& action);
void add_unmute(CLI::App& app, Action& action);
void add_mutes(CLI::App& app, Action& action);

/// The check itself, where no command is named.
[[nodiscard]] int check(const CheckArguments& arguments);

}  // namespace ganeti::gluster::tool
