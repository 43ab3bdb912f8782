// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace ganeti::gluster::tool {

/// Replaces a file by rename, so that readers see the old content or the new one, durably and with mode 0644.
/// @throws Error
void replace_output_file(const std::string& path, std::string_view content);

}  // namespace ganeti::gluster::tool
