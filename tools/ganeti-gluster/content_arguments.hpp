// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/disk/file_device_helper.hpp>

#include "options.hpp"

namespace ganeti::gluster::tool {

/// Which disk's content is moved, and how much of it.
struct ContentArguments {
  std::string disk;
  std::string size;
};

/// Adds DISK and `--size`.
void add_content_arguments(CLI::App& command, ContentArguments& arguments);

/// @throws ArgumentError
[[nodiscard]] ContentOptions content_options(const ContentArguments& arguments);

}  // namespace ganeti::gluster::tool
