// SPDX-License-Identifier: BSD-2-Clause
#include "list_fields.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "age.hpp"
#include "printable.hpp"

namespace ganeti::gluster::tool {
namespace {

using Json = nlohmann::ordered_json;
using Kind = ListField::Kind;

template <std::uint64_t ImageInfo::*member>
Json image_value(const ListedDisk& disk) {
  return disk.image ? Json((*disk.image).*member) : Json();
}

template <std::string ImageLabel::*member>
Json label_value(const ListedDisk& disk) {
  return disk.label && !((*disk.label).*member).empty() ? Json((*disk.label).*member) : Json();
}

Json created_value(const ListedDisk& disk) {
  return disk.label && disk.label->created ? Json(format_time(*disk.label->created)) : Json();
}

const ListField& find_field(const std::string& name) {
  const auto& fields = list_fields();
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  if (found != fields.end()) return *found;
  std::vector<std::string> names;
  for (const auto& field : fields) names.emplace_back(field.name);
  throw std::invalid_argument(fmt::format("there is no field '{}'; the fields are {}", name, fmt::join(names, ", ")));
}

}  // namespace

const std::vector<ListField>& list_fields() {
  static const std::vector<ListField> fields{
      {"disk", Kind::text, Reading::name, "ganeti/<instance-uuid>.<index>",
       [](const ListedDisk& disk) { return Json(disk.disk.text()); }},
      {"size", Kind::size, Reading::image, "what a guest sees", image_value<&ImageInfo::size_bytes>},
      {"allocated", Kind::size, Reading::image, "space taken on each copy of the volume",
       image_value<&ImageInfo::allocated_bytes>},
      {"state", Kind::text, Reading::image, "complete, unfinished, or the code of what went wrong",
       [](const ListedDisk& disk) { return Json(disk.state); }},
      {"instance", Kind::text, Reading::label, "name of the instance, as Ganeti told it last",
       label_value<&ImageLabel::instance>},
      {"cluster", Kind::text, Reading::label, "name of the cluster", label_value<&ImageLabel::cluster>},
      {"uuid", Kind::text, Reading::label, "the uuid that Ganeti has for the disk",
       label_value<&ImageLabel::disk_uuid>},
      {"created", Kind::text, Reading::label, "when the image was created, in UTC", created_value},
      {"info", Kind::text, Reading::label, "what else Ganeti told of the disk", label_value<&ImageLabel::info>},
      {"links", Kind::number, Reading::image, "names of the same data; a killed rename leaves two",
       image_value<&ImageInfo::links>},
      {"path", Kind::text, Reading::name, "path of the image on this node",
       [](const ListedDisk& disk) { return Json(disk.path); }},
  };
  return fields;
}

std::string ListField::heading() const {
  std::string result = name;
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::toupper(c); });
  return result;
}

std::string ListField::text(const ListedDisk& disk, Units units) const {
  const auto found = value(disk);
  if (found.is_null()) return disk.was_read() ? "-" : "?";
  if (kind == Kind::size) return format_size(found.get<std::uint64_t>(), units);
  return found.is_string() ? printable(found.get<std::string>()) : found.dump();
}

std::vector<ListField> select_fields(const std::string& list) {
  if (list.starts_with('+')) return select_fields(default_list_fields + ("," + list.substr(1)));
  std::vector<ListField> selected;
  std::string name;
  for (std::istringstream names(list); std::getline(names, name, ',');) selected.push_back(find_field(name));
  if (list.empty() || list.back() == ',') find_field("");  // getline has no word after the last comma
  return selected;
}

}  // namespace ganeti::gluster::tool
