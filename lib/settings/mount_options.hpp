// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace ganeti::gluster {

/// Checks one option of mount.glusterfs(8) against the list of those that are safe for disk images
/// and that the mounter does not set itself. @throws SettingsError
void check_mount_option(const std::string& option);

}  // namespace ganeti::gluster
