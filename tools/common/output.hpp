// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ganeti::gluster::tool {

/// Keeps the keys in the order in which they are written.
using Json = nlohmann::ordered_json;

/// An empty text is null.
Json text_or_null(const std::string& text);

/// A result for machines, with its format_version, on standard output.
void print_json(Json result);

/// One line on standard error, and with @p json an object `error` on standard output as well.
void print_error(const std::exception& error, bool json);

struct Field {
  std::string label;
  std::string text;
};

/// `label: text`, a line each, all colons below each other; those without text are left out.
void print_fields(const std::vector<Field>& fields);

struct Column {
  std::string name;
  bool right_aligned = false;
};

struct TableStyle {
  bool headings = true;
  std::optional<std::string> separator;  ///< stands between cells that are not padded then
};

/// A table on standard output, as wide as its content.
void print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                 const TableStyle& style = {});

/// The library's messages go to standard error, those for debugging only with @p debug.
void send_log_to_stderr(bool debug);

/// @returns false, and says so, if standard output could not take everything.
[[nodiscard]] bool finish_output();

}  // namespace ganeti::gluster::tool
