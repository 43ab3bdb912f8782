// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/check/check.hpp>

namespace ganeti::gluster::tool {

/// Performance data as monitoring plugins write them: always the same labels, `U` for what is not known.
[[nodiscard]] std::string perfdata(const CheckReport& report, const CheckOptions& options);

}  // namespace ganeti::gluster::tool
