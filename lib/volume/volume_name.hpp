// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace ganeti::gluster {

/// @p name if `gluster volume create` would take it. @throws VolumeError
[[nodiscard]] std::string checked_volume_name(std::string_view name);

/// A directory inside a volume without superfluous slashes; empty is the volume's root.
/// @throws VolumeError
[[nodiscard]] std::string checked_subdir(std::string_view subdir);

}  // namespace ganeti::gluster
