// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace ganeti::gluster {

/// A file of lines that outlives a boot; no lines if it cannot be read.
[[nodiscard]] std::vector<std::string> read_kept_lines(const std::string& file);

/// Replaces them, unless they are the same already. What is kept helps and is never needed: a failure is logged
/// as a warning, "cannot remember WHAT".
void keep_lines(const std::string& file, const std::vector<std::string>& lines, const std::string& what) noexcept;

}  // namespace ganeti::gluster
