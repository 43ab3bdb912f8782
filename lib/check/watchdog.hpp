// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <ganeti-gluster/check/check.hpp>

namespace ganeti::gluster {

/// Runs @p check in a child process and returns what it reports. Messages of the library come to this process's log.
///
/// If no report has come within @p limit, the child is killed, and the report is @p frame with the finding
/// CHECK_TIMEOUT; if the child ends without a report, with CHECK_FAILED. Either names the probe at which it happened,
/// and what earlier ones had found is in the report as well.
/// A child that cannot be killed is left alone, and for as long as it lives each call returns CHECK_TIMEOUT at once:
/// there is never a second one.
/// @param mark file by which calls know of such a child
/// @throws Error if the file cannot be opened or no process can be made
[[nodiscard]] CheckReport run_within(std::chrono::milliseconds limit, const CheckReport& frame, const std::string& mark,
                                     const std::function<CheckReport(const ProbeBegins&)>& check);

}  // namespace ganeti::gluster
