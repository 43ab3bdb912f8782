// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include "commands.hpp"
#include "content_arguments.hpp"
#include "disk_session.hpp"
#include "standard_streams.hpp"

namespace ganeti::gluster::tool {
namespace {

int export_disk(const Options& options, const ContentArguments& arguments) {
  StandardOutput::check();
  auto content = content_options(arguments);
  DiskSession session(options, arguments.disk);
  LongWork work(options, {session.path(), "cannot export the image", "what was written is not the whole image"});
  content.progress = [&](std::uint64_t done_bytes, std::uint64_t total_bytes) { work.show(done_bytes, total_bytes); };
  StandardOutput sink(work);
  session.storage().export_to(sink, content);
  sink.finish();
  return 0;
}

}  // namespace

void add_disk_export(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("export", "Write a disk's image to standard output");
  const auto arguments = std::make_shared<ContentArguments>();
  add_content_arguments(*command, *arguments);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Holes read as zeros, and become holes where standard output is a new file. Stop the instance\n"
      "first: parts of a disk that changes meanwhile do not fit together.\n"
      "Examples:\n"
      "  ganeti-gluster disk export ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 > disk.img\n"
      "  ganeti-gluster disk export ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0 | zstd > disk.zst");
  command->callback([&options, &action, arguments] {
    // Here, where errors never go to standard output.
    if (options.json) throw CLI::ValidationError("--json", "standard output is for the image");
    action = [arguments](const Options& o) { return export_disk(o, *arguments); };
  });
}

}  // namespace ganeti::gluster::tool
