// SPDX-License-Identifier: BSD-2-Clause
#include "content_arguments.hpp"

#include "disk_session.hpp"

namespace ganeti::gluster::tool {

void add_content_arguments(CLI::App& command, ContentArguments& arguments) {
  add_disk_argument(command, arguments.disk);
  command.add_option("--size", arguments.size, "Only the first so much: 512M, 1.5G, 2T; MiB without a unit (all)")
      ->type_name("SIZE")
      ->check(refuse_empty);
}

ContentOptions content_options(const ContentArguments& arguments) {
  ContentOptions options;
  if (!arguments.size.empty()) options.size_mib = size_argument(arguments.size);
  return options;
}

}  // namespace ganeti::gluster::tool
