// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::tool {

/// What was asked was not answered with yes, or there was nobody to ask.
class NotConfirmed : public Error {
 public:
  using Error::Error;
};

/// Adds -f, without which the command asks.
void add_force(CLI::App& command, bool& force);

/// Asks whether to do what cannot be taken back; "y" and "yes" are a yes. Never waits where nobody can answer.
/// @param failed as errors have it: "cannot remove the image"
/// @throws NotConfirmed (ECANCELED)
void confirm(const std::string& question, const std::string& subject, const char* failed);

}  // namespace ganeti::gluster::tool
