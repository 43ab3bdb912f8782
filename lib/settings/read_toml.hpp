// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ganeti::gluster {

/// What a key of a TOML document holds, as far as settings tell values apart.
enum class TomlKind { text, list_of_texts, table, other };

/// One key of a TOML document; tables are entries too.
struct TomlEntry {
  std::vector<std::string> path;  ///< `volume`, `gv0`, `servers`
  int line = 0;
  TomlKind kind = TomlKind::other;
  std::string type;                ///< as messages name it
  std::vector<std::string> items;  ///< the text, or the texts of the list

  /// The path as TOML writes it: `volume.gv0.servers`.
  [[nodiscard]] std::string key() const;
};

/// All keys and tables of a document in the order of their lines, a table before what is in it.
/// @throws SettingsError if it is no TOML; @p file is its name in messages.
[[nodiscard]] std::vector<TomlEntry> read_toml(std::string_view text, const std::string& file);

}  // namespace ganeti::gluster
