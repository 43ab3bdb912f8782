// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <sys/stat.h>

#include <glusterfs/api/glfs.h>

#include "gfapi/protocol.hpp"

namespace ganeti::gluster {

/// The errno of a call's result: libgfapi says -1 and sets errno, and now and then forgets the latter.
[[nodiscard]] int outcome(ssize_t result);

/// @returns an errno.
[[nodiscard]] int write_all(glfs_fd_t* file, off_t offset, std::string_view data);

[[nodiscard]] ImageAttributes to_attributes(const struct stat& status);

/// Does what a request asks for with an open file. @returns an errno.
[[nodiscard]] int run_on_file(glfs_fd_t* file, const Request& request, std::string_view data, Answer& answer,
                              std::string& result);

}  // namespace ganeti::gluster
