// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include <ganeti-gluster/check/history.hpp>

namespace ganeti::gluster::tool {

/// The MESSAGE_ID of everything about one kind of finding: the UUID of version 5 of its code in our namespace, without
/// hyphens. Stable, and anybody can work it out; see gluster-mount-check(8).
[[nodiscard]] std::string message_id(const std::string& code);

/// The fields of one entry, each `NAME=value`.
[[nodiscard]] std::vector<std::string> journal_fields(const CheckReport& report, const Transition& transition);

}  // namespace ganeti::gluster::tool
