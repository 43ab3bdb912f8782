// SPDX-License-Identifier: BSD-2-Clause
#include "settings/read_toml.hpp"

#include <algorithm>
#include <sstream>

#include <boost/algorithm/string/join.hpp>

// Header-only, whatever the flags of Debian's pkg-config file say: they ask for a shared library,
// which this one file is not worth.
#undef TOML_SHARED_LIB
#undef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "settings/mistake.hpp"

namespace ganeti::gluster {
namespace {

void read_list(const toml::array& list, TomlEntry& entry) {
  entry.kind = TomlKind::list_of_texts;
  entry.type = "list of strings";
  for (const auto& element : list) {
    if (const auto text = element.value_exact<std::string>()) {
      entry.items.push_back(*text);
    } else {
      entry.kind = TomlKind::other;
      entry.type = "list with other things than strings";
    }
  }
}

void read_table(const toml::table& table, const std::vector<std::string>& above, std::vector<TomlEntry>& entries) {
  for (const auto& [key, node] : table) {
    TomlEntry entry;
    entry.path = above;
    entry.path.emplace_back(key.str());
    entry.line = static_cast<int>(key.source().begin.line);
    std::ostringstream type;
    type << node.type();
    entry.type = type.str();
    if (const auto text = node.value_exact<std::string>()) {
      entry.kind = TomlKind::text;
      entry.items = {*text};
    } else if (const auto* list = node.as_array()) {
      read_list(*list, entry);
    } else if (node.is_table()) {
      entry.kind = TomlKind::table;
    }
    entries.push_back(entry);
    if (const auto* inner = node.as_table()) read_table(*inner, entry.path, entries);
  }
}

}  // namespace

std::string TomlEntry::key() const { return boost::algorithm::join(path, "."); }

std::vector<TomlEntry> read_toml(std::string_view text, const std::string& file) {
  std::vector<TomlEntry> entries;
  try {
    read_table(toml::parse(text, std::string_view(file)), {}, entries);
  } catch (const toml::parse_error& error) {
    throw_mistake(file, static_cast<int>(error.source().begin.line), std::string(error.description()),
                  "correct the line; the form of the file is TOML");
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const TomlEntry& a, const TomlEntry& b) { return a.line < b.line; });
  return entries;
}

}  // namespace ganeti::gluster
