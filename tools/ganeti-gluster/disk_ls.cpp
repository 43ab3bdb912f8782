// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "commands.hpp"
#include "exit_status.hpp"
#include "list_fields.hpp"
#include "nice_sort.hpp"
#include "node.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

struct LsArguments {
  std::string fields = default_list_fields;
  bool no_headers = false;
  std::optional<std::string> separator;
  std::optional<Units> units;
};

struct FolderContent {
  std::vector<DiskPath> disks;  // sorted
  std::size_t others = 0;       // names that no disk can have
};

FolderContent list_folder(ImageStore& store) {
  FolderContent content;
  for (const auto& name : store.list()) {
    try {
      content.disks.emplace_back(DiskPath::folder() + '/' + name);
    } catch (const ImageError&) {
      ++content.others;
    }
  }
  std::sort(content.disks.begin(), content.disks.end(),
            [](const auto& a, const auto& b) { return is_nicely_before(a.text(), b.text()); });
  return content;
}

// Nothing if it is gone meanwhile. What ails the volume as a whole is thrown; what ails one image is
// told, and does not hide the others.
std::optional<ListedDisk> read(ImageStore& store, ListedDisk row, Reading reading) {
  const auto& disk = row.disk;
  try {
    FileDeviceHelper image(store, disk);
    if (reading >= Reading::image) row.image = image.info();
    if (reading >= Reading::label) row.label = image.label();
  } catch (const ImageError& error) {
    if (error.code() == std::errc::no_such_file_or_directory) return std::nullopt;
    if (error.code() == Errc::unfinished_image) {
      const auto found = store.find(disk);
      if (!found) return std::nullopt;
      row.state = unfinished_state;
      row.image = {found->size_bytes, found->allocated_bytes, found->links};
      return row;
    }
    fmt::print(stderr, "ganeti-gluster: error: {}\n", error.what());
    row.state = code_name(error.code());
  }
  return row;
}

void print_for_people(const std::vector<ListField>& fields, const std::vector<ListedDisk>& disks,
                      const LsArguments& arguments) {
  const auto units = arguments.units.value_or(arguments.separator ? Units::mib : Units::automatic);
  std::vector<Column> columns;
  for (const auto& field : fields) columns.push_back({field.heading(), field.kind != ListField::Kind::text});
  std::vector<std::vector<std::string>> rows;
  for (const auto& disk : disks) {
    auto& row = rows.emplace_back();
    for (const auto& field : fields) row.push_back(field.text(disk, units));
  }
  print_table(columns, rows, {!arguments.no_headers, arguments.separator});
}

void print_for_machines(const std::vector<ListField>& fields, const std::vector<ListedDisk>& disks,
                        const VolumeAccess& volume, std::size_t others) {
  Json json{{"volume", volume.volume().to_string()}, {"storage_dir", volume.mounter().storage_dir()}};
  json["disks"] = Json::array();
  for (const auto& disk : disks) {
    Json row;
    for (const auto& field : fields) row[field.json_key()] = field.value(disk);
    json["disks"].push_back(std::move(row));
  }
  json["other_names"] = others;
  print_json(std::move(json));
}

int list(const Options& options, const LsArguments& arguments) {
  std::vector<ListField> fields;
  try {
    fields = select_fields(arguments.fields);
  } catch (const std::invalid_argument& error) {
    fmt::print(stderr, "ganeti-gluster: error: -o: {}\nSee: ganeti-gluster disk ls --help\n", error.what());
    return exit_unknown_field;
  }
  auto reading = Reading::name;
  for (const auto& field : fields) reading = std::max(reading, field.reading);

  const Node node(options);
  auto volume = node.reach_volume();
  auto& store = volume.store();
  const auto content = list_folder(store);
  std::vector<ListedDisk> disks;
  for (const auto& disk : content.disks) {
    if (auto row =
            read(store, {disk, fmt::format("{}/{}", node.mounter.storage_dir(), disk.text()), complete_state, {}, {}},
                 reading))
      disks.push_back(std::move(*row));
  }
  if (content.others > 0) {
    fmt::print(stderr, "ganeti-gluster: warning: {}/{}: not listed, as no disk can have such a name: {}\n",
               node.mounter.storage_dir(), DiskPath::folder(), content.others);
  }
  if (options.json) {
    print_for_machines(fields, disks, volume, content.others);
  } else {
    if (disks.empty()) fmt::print(stderr, "ganeti-gluster: there is no disk on {}\n", volume.volume().to_string());
    print_for_people(fields, disks, arguments);
  }
  const bool all_read = std::all_of(disks.begin(), disks.end(), [](const auto& disk) { return disk.was_read(); });
  return all_read ? 0 : 1;
}

std::string footer() {
  auto text = fmt::format("Fields (default: {}):\n", default_list_fields);
  for (const auto& field : list_fields()) text += fmt::format("  {:<10} {}\n", field.name, field.meaning);
  return text +
         "Exits with 1 if an image could not be read; the others are shown all the same.\n"
         "Examples:\n"
         "  ganeti-gluster disk ls\n"
         "  ganeti-gluster disk ls -o disk,size --no-headers --separator : --units g\n"
         "  ganeti-gluster disk ls -o +created,links";
}

}  // namespace

void add_disk_ls(CLI::App& parent, Options& options, Action& action) {
  auto* command = parent.add_subcommand("ls", "List the disks of a volume");
  const auto arguments = std::make_shared<LsArguments>();
  command
      ->add_option("-o,--output", arguments->fields, "Fields with commas between; after a + in addition to the default")
      ->type_name("FIELDS")
      ->option_text("FIELDS");
  command->add_flag("--no-headers", arguments->no_headers, "No headings");
  command->add_option("--separator", arguments->separator, "What stands between fields, which are not padded then")
      ->type_name("SEP")
      ->check(refuse_empty);
  add_choice(*command, "--units", arguments->units, {Units::automatic, Units::mib, Units::gib, Units::tib},
             "Units of sizes (h, for people; m with --separator)");
  add_volume_options(*command, options);
  add_common_options(*command, options);
  command->footer(footer());
  command->callback([&action, arguments] { action = [arguments](const Options& o) { return list(o, *arguments); }; });
}

}  // namespace ganeti::gluster::tool
