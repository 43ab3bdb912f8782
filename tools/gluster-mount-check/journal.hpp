// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include <ganeti-gluster/check/history.hpp>

namespace ganeti::gluster::tool {

/// Writes an entry for each transition to the journal. A journal that takes none is not waited for. A
/// machine without a journal is no error; another failure is told on standard error.
void tell_journal(const CheckReport& report, const std::vector<Transition>& transitions);

}  // namespace ganeti::gluster::tool
