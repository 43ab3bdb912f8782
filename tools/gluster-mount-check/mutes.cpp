// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <ganeti-gluster/check/mutes.hpp>

#include "age.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "time_span.hpp"

namespace ganeti::gluster::tool {
namespace {

void print_for_people(const std::vector<Mute>& mutes, std::int64_t now) {
  if (mutes.empty()) {
    fmt::print("nothing is muted\n");
    return;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& mute : mutes) {
    rows.push_back({mute.code, mute.until == 0 ? "-" : format_age(mute.until - now), mute.is_sticky ? "yes" : "no",
                    printable(mute.set_by), format_age(now - mute.set_at)});
  }
  print_table({{"CODE"}, {"ENDS IN", true}, {"STICKY"}, {"SET BY"}, {"SET BEFORE", true}}, rows);
}

void print_for_machines(const std::vector<Mute>& mutes) {
  auto list = Json::array();
  for (const auto& mute : mutes) {
    list.push_back({{"code", mute.code},
                    {"until_seconds", mute.until == 0 ? Json() : Json(mute.until)},
                    {"sticky", mute.is_sticky},
                    {"extent", mute.extent},
                    {"severity", to_string(mute.severity)},
                    {"set_by", mute.set_by},
                    {"set_at_seconds", mute.set_at}});
  }
  print_json({{"mutes", std::move(list)}});
}

int list(const CheckArguments& arguments) {
  const auto now = seconds_now();
  const auto mutes = list_mutes(arguments.check.paths, arguments.storage_dir_in_force(), now);
  if (arguments.format == Format::json) {
    print_for_machines(mutes);
  } else {
    print_for_people(mutes, now);
  }
  return 0;
}

}  // namespace

void add_mutes(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("mutes", "List what is muted, until when, and who muted it");
  command->fallthrough();  // the options of the program may stand after it
  command->footer("Examples:\n  gluster-mount-check mutes\n  gluster-mount-check mutes --format json");
  command->callback([&action] { action = list; });
}

}  // namespace ganeti::gluster::tool
