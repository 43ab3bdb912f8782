// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/check/check.hpp>

namespace ganeti::gluster::tool {

/// What a monitoring plugin prints: one line with its performance data; with @p verbosity 1 it names all findings and
/// what is ill, with 2 a line for each finding with its cure follows, with 3 a line for each probe besides.
[[nodiscard]] std::string plugin_output(const CheckReport& report, const CheckOptions& options, int verbosity);

/// The line for what cannot be judged at all.
[[nodiscard]] std::string plugin_unknown(const std::string& why);

}  // namespace ganeti::gluster::tool
