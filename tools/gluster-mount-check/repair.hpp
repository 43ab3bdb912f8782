// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>

#include <ganeti-gluster/check/report.hpp>

#include "arguments.hpp"

namespace ganeti::gluster::tool {

/// Tells what is to be done about what a check finds, does it unless it is a dry run, and checks again.
/// @returns the exit status: of the last check.
int repair(const CheckArguments& arguments, const std::function<CheckReport()>& look);

}  // namespace ganeti::gluster::tool
