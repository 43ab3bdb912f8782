// SPDX-License-Identifier: BSD-2-Clause
#include <memory>

#include <fmt/format.h>

#include "age.hpp"
#include "commands.hpp"
#include "disk_session.hpp"
#include "printable.hpp"
#include "size.hpp"

namespace ganeti::gluster::tool {
namespace {

Json to_json(const ImageLabel& label) {
  return {{"cluster", text_or_null(label.cluster)},
          {"instance", text_or_null(label.instance)},
          {"uuid", text_or_null(label.disk_uuid)},
          {"created", label.created ? Json(format_time(*label.created)) : Json()},
          {"info", text_or_null(label.info)}};
}

Json to_json(const VolumeSpace& space) {
  return {{"size_bytes", space.size_bytes}, {"free_bytes", space.free_bytes}, {"used_bytes", space.used_bytes}};
}

std::string in_bytes(std::uint64_t bytes) { return fmt::format("{} ({} bytes)", format_size(bytes), bytes); }

void print_for_people(const DiskSession& session, const ImageInfo& info, const ImageLabel& label,
                      const VolumeSpace& space) {
  const auto names = fmt::format("{} names: a killed rename leaves the old one; repeating it completes it", info.links);
  print_fields({{"path", session.path()},
                {"volume", session.volume()},
                {"size", in_bytes(info.size_bytes)},
                {"allocated", in_bytes(info.allocated_bytes) + " on each copy"},
                {"links", info.links > 1 ? names : ""},
                {"cluster", printable(label.cluster)},
                {"instance", printable(label.instance)},
                {"disk uuid", printable(label.disk_uuid)},
                {"created", label.created ? format_time(*label.created) : ""},
                {"info", printable(label.info)},
                {"volume size", in_bytes(space.size_bytes)},
                {"volume free", in_bytes(space.free_bytes)},
                {"volume used", in_bytes(space.used_bytes)}});
  fmt::print("The volume's sizes are of one copy; bricks that share a file system are counted as one.\n");
}

int show_info(const Options& options, const std::string& disk) {
  DiskSession session(options, disk);
  const auto info = session.storage().info();
  const auto label = session.storage().label();
  const auto space = session.storage().space();
  if (!options.json) {
    print_for_people(session, info, label.value_or(ImageLabel()), space);
    return 0;
  }
  auto json = session.json();
  json["size_bytes"] = info.size_bytes;
  json["allocated_bytes"] = info.allocated_bytes;
  json["links"] = info.links;
  json["label"] = label ? to_json(*label) : Json();
  json["volume_space"] = to_json(space);
  print_json(std::move(json));
  return 0;
}

}  // namespace

void add_disk_info(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("info", "Show a disk's image: size, space taken, what it says of itself");
  const auto disk = std::make_shared<std::string>();
  add_disk_argument(*command, *disk);
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(
      "Exits with 1 if there is no such image, or if it was never completed.\n"
      "Example:\n"
      "  ganeti-gluster disk info ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
  command->callback([&action, disk] { action = [disk](const Options& o) { return show_info(o, *disk); }; });
}

}  // namespace ganeti::gluster::tool
