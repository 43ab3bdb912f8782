// SPDX-License-Identifier: BSD-2-Clause
#include "output.hpp"

#include <algorithm>
#include <cerrno>  // program_invocation_short_name
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include <libsmartcols.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>

namespace ganeti::gluster::tool {
namespace {

constexpr int format_version = 1;

Json describe(const std::exception& error) {
  Json json;
  if (const auto* ours = dynamic_cast<const Error*>(&error)) {
    const auto& text = ours->text();
    json["code"] = code_name(ours->code());
    json["subject"] = text.subject;
    json["failed"] = text.failed;
    json["why"] = text.why.empty() ? ours->code().message() : text.why;
    json["cure"] = text.cure;
  } else {
    const auto* system = dynamic_cast<const std::system_error*>(&error);
    json["code"] = system != nullptr ? code_name(system->code()) : "INTERNAL";
    json["subject"] = program_invocation_short_name;
    json["failed"] = "cannot go on";
    json["why"] = error.what();
    json["cure"] = "";
  }
  json["message"] = error.what();
  return json;
}

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

}  // namespace

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

void print_json(Json result) {
  Json document;
  document["format_version"] = format_version;
  document.update(result);
  // Names of files on a volume need not be UTF-8, but JSON has to be. Plain ASCII, since there are
  // control characters beyond it, and whoever may write to the volume chose them.
  fmt::print("{}\n", document.dump(2, ' ', true, Json::error_handler_t::replace));
}

void print_error(const std::exception& error, bool json) {
  if (json) print_json({{"error", describe(error)}});
  std::fflush(stdout);
  fmt::print(stderr, "{}: error: {}\n", program_invocation_short_name, error.what());
}

void print_fields(const std::vector<Field>& fields) {
  std::size_t width = 0;
  for (const auto& field : fields) width = field.text.empty() ? width : std::max(width, field.label.size());
  for (const auto& field : fields) {
    if (!field.text.empty()) fmt::print("{:>{}}: {}\n", field.label, width, field.text);
  }
}

void print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                 const TableStyle& style) {
  if (style.separator) {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back(column.name);
    if (style.headings) fmt::print("{}\n", fmt::join(names, *style.separator));
    for (const auto& row : rows) fmt::print("{}\n", fmt::join(row, *style.separator));
    return;
  }
  const std::unique_ptr<libscols_table, void (*)(libscols_table*)> table(scols_new_table(), scols_unref_table);
  if (!table) throw std::bad_alloc();
  scols_table_enable_noheadings(table.get(), style.headings ? 0 : 1);
  for (const auto& column : columns) {
    const auto* name = style.headings ? column.name.c_str() : "";  // a heading makes its column wider, shown or not
    if (scols_table_new_column(table.get(), name, 0, column.right_aligned ? SCOLS_FL_RIGHT : 0) == nullptr) {
      throw std::bad_alloc();
    }
  }
  for (const auto& row : rows) {
    auto* line = scols_table_new_line(table.get(), nullptr);
    if (line == nullptr) throw std::bad_alloc();
    for (std::size_t i = 0; i < row.size(); ++i) scols_line_set_data(line, i, row[i].c_str());
  }
  scols_print_table(table.get());
}

void send_log_to_stderr(bool debug) {
  set_log_sink([debug](LogLevel level, std::string_view message) {
    if (level >= LogLevel::warning || debug)
      fmt::print(stderr, "{}: {}: {}\n", program_invocation_short_name, name_of(level), message);
  });
}

bool finish_output() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  fmt::print(stderr, "{}: error: standard output: cannot write: {}\n", program_invocation_short_name,
             std::strerror(errno));
  return false;
}

}  // namespace ganeti::gluster::tool
