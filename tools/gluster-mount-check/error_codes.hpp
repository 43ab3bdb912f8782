// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/check/report.hpp>

namespace ganeti::gluster::tool {

/// A line for each finding that counts, as gnt-cluster verify --error-codes has it: `ftype:ecode:edomain:name:msg`
/// (Ganeti: cmdlib/cluster/verify.py). The code is Ganeti's; the message begins with ours.
[[nodiscard]] std::string error_code_lines(const CheckReport& report);

/// Demotes the findings with one of @p codes, ours or Ganeti's, to warnings, as its option -I does.
void demote(CheckReport& report, const std::vector<std::string>& codes);

}  // namespace ganeti::gluster::tool
