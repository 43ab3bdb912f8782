// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>

#include "disk_session.hpp"

namespace ganeti::gluster::tool {

/// How a command was told to take space; what it was not told is in the settings.
struct SpaceArguments {
  std::optional<Preallocation> preallocation;
  std::optional<Overcommit> overcommit;
};

/// Adds `--preallocation` and `--overcommit`.
void add_space_options(CLI::App& command, SpaceArguments& arguments);

/// What is in force for the session's volume.
[[nodiscard]] SpaceOptions space_options(const DiskSession& session, const SpaceArguments& arguments);

/// Runs @p work, which takes space as @p space says: shows how far it is, and lets Ctrl-C, SIGTERM and
/// the end of the terminal cancel it.
/// @param failed says in that case what could not be done.
/// @throws ImageError (ECANCELED), and what @p work throws.
void take_space(const Options& options, const std::string& subject, const char* failed, SpaceOptions space,
                const std::function<void(const SpaceOptions&)>& work);

}  // namespace ganeti::gluster::tool
