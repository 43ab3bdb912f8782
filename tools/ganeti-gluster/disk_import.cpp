// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "commands.hpp"
#include "content_arguments.hpp"
#include "disk_session.hpp"
#include "size.hpp"
#include "standard_streams.hpp"

namespace ganeti::gluster::tool {
namespace {

int import_disk(const Options& options, const ContentArguments& arguments) {
  StandardInput::check();
  auto content = content_options(arguments);
  DiskSession session(options, arguments.disk);
  content.preallocation = session.settings().preallocation;
  std::uint64_t done = 0;
  {
    LongWork work(options, {session.path(), "cannot import the image", "import it again"});
    content.progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) {
      work.show(done_bytes, total_bytes);
      done = done_bytes;
    };
    StandardInput source(work);
    session.storage().import_from(source, content);
  }
  if (options.json) {
    auto json = session.json();
    json["imported_bytes"] = done;
    print_json(std::move(json));
  } else {
    fmt::print("imported {} into {}\n", format_size(done), session.path());
  }
  return 0;
}

}  // namespace

void add_disk_import(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("import", "Fill a disk's image from standard input");
  const auto arguments = std::make_shared<ContentArguments>();
  add_content_arguments(*command, *arguments);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "The image must exist, and the input must be exactly as long; anything else is an error. Zeros take\n"
      "no space. After an error the image has its size, and what it contains is undefined. Stop the\n"
      "instance first: whether somebody uses the disk, nobody checks.\n"
      "Example:\n"
      "  ganeti-gluster disk import ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 < disk.img");
  command->callback(
      [&action, arguments] { action = [arguments](const Options& o) { return import_disk(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
