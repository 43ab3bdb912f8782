// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace ganeti::gluster::tool {

/// As the gnt-* commands have them (Ganeti: constants.EXIT_FAILURE and its kin; optparse).
enum ExitStatus { exit_failed = 1, exit_usage = 2, exit_not_confirmed = 13, exit_unknown_field = 14 };

}  // namespace ganeti::gluster::tool
