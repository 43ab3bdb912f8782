// SPDX-License-Identifier: BSD-2-Clause
#include "volume/volume_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/split.hpp>

#include "volume/characters.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

// Words that the gluster command keeps for itself (cli_validate_volname).
constexpr std::array<std::string_view, 13> reserved_words{
    "volume",
    "type",
    "subvolumes",
    "option",
    "end-volume",
    "all",
    "volume_not_in_ring",
    "description",
    "force",
    "snap-max-hard-limit",
    "snap-max-soft-limit",
    "auto-delete",
    "activate-on-create",
};

constexpr std::size_t longest_volume_name = 255;
constexpr std::size_t longest_component = 255;
// mount(2) takes a source of one page, in which the server and the volume's name must fit as well.
constexpr std::size_t longest_subdir = 1023;

void check_component(std::string_view subdir, std::string_view component) {
  if (component == "." || component == "..") refuse(subdir_part, subdir, "a subdir has no . or .. in it");
  if (component.front() == '-') refuse(subdir_part, subdir, "no part of a subdir begins with '-'");
  if (component.size() > longest_component) refuse(subdir_part, subdir, "a file name has at most 255 characters");
  if (!consists_of(component, path_characters)) {
    refuse(subdir_part, subdir, fmt::format("a subdir consists of '/', {}", path_characters_in_words));
  }
}

}  // namespace

std::string checked_volume_name(std::string_view name) {
  if (name.empty()) refuse(name_part, name, "a volume's name is not empty");
  if (name.size() > longest_volume_name) refuse(name_part, name, "a volume's name has at most 255 characters");
  if (name.front() == '-') refuse(name_part, name, "a volume's name does not begin with '-'");
  if (!consists_of(name, name_characters)) {
    refuse(name_part, name, "a volume's name consists of letters, digits, '_' and '-'");
  }
  if (std::find(reserved_words.begin(), reserved_words.end(), name) != reserved_words.end()) {
    refuse(name_part, name, "the gluster command keeps this word for itself");
  }
  return std::string(name);
}

std::string checked_subdir(std::string_view subdir) {
  if (subdir.empty()) return {};
  if (subdir.front() == '/') refuse(subdir_part, subdir, "a subdir is relative to the root of the volume");
  if (subdir.size() > longest_subdir) refuse(subdir_part, subdir, "a subdir has at most 1023 characters");
  std::vector<std::string> components;
  boost::algorithm::split(components, subdir, boost::algorithm::is_any_of("/"));
  const auto is_empty = [](const std::string& component) { return component.empty(); };
  components.erase(std::remove_if(components.begin(), components.end(), is_empty), components.end());
  for (const auto& component : components) check_component(subdir, component);
  return boost::algorithm::join(components, "/");
}

}  // namespace ganeti::gluster
