// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <system_error>

namespace ganeti::gluster {

/// An errno as an error code of the generic category; read errno before anything else can set it.
[[nodiscard]] std::error_code errno_code(int number) noexcept;

}  // namespace ganeti::gluster
