// SPDX-License-Identifier: BSD-2-Clause
#include "arguments.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/mount/mounter.hpp>

#include "options.hpp"
#include "time_span.hpp"

namespace ganeti::gluster::tool {
namespace {

constexpr const char* where_group = "What is checked";
constexpr const char* judge_group = "How it is judged";
constexpr const char* repair_group = "Repair";
constexpr const char* output_group = "Output";

std::string refuse_code(const std::string& code) {
  const auto kinds = finding_kinds();
  const bool is_known = std::any_of(kinds.begin(), kinds.end(),
                                    [&](const auto& kind) { return kind.code == code || kind.ganeti_code == code; });
  return is_known ? "" : fmt::format("there is no finding '{}'; all there are: gluster-mount-check explain", code);
}

// Free space alerts when there is little of it, and `-w 20` means the opposite.
Range parse_free_range(const std::string& option, const std::string& text) {
  const auto range = Range::parse(text);
  if (!range.alerts(100)) return range;
  throw CLI::ValidationError(
      option, fmt::format("{} alerts on an empty volume: it is about free space; for \"less than 20 %\" write {} 20:",
                          text, option));
}

void add_range(CLI::App& app, const std::string& option, const std::string& names, Range& range,
               const std::string& help) {
  const auto set = [option, &range](const std::string& text) {
    try {
      range = parse_free_range(option, text);
    } catch (const Error& error) {
      throw CLI::ValidationError(option, error.what());
    }
  };
  app.add_option_function<std::string>(names, set, fmt::format("{} ({})", help, range.to_string()))
      ->type_name("RANGE")
      ->group(judge_group);
}

void add_volume_arguments(CLI::App& app, CheckArguments& arguments) {
  app.add_option("--mount-point", arguments.check.storage_dir, "Where the volume is mounted (from ssconf)")
      ->type_name("DIR")
      ->check(refuse_relative)
      ->group(where_group);
  auto* volume = app.add_option("--volume", arguments.volume, "Name of the volume (what the node uses)")
                     ->type_name("NAME[/SUBDIR]")
                     ->check(refuse_empty)
                     ->group(where_group);
  auto* server = app.add_option("--server", arguments.servers, "A server of it; may be repeated")
                     ->option_text("HOST")
                     ->check(refuse_empty)
                     ->allow_extra_args(false)  // else it would swallow the words after its value
                     ->needs(volume)
                     ->group(where_group);
  app.add_option("--port", arguments.port, "Port of glusterd there (24007)")
      ->type_name("N")
      ->option_text("N")
      ->check(CLI::Range(1, 65535))
      ->needs(server)
      ->group(where_group);
  app.add_option("--subdir", arguments.subdir, "Directory in the volume that is mounted")
      ->option_text("DIR")
      ->check(refuse_empty)
      ->needs(volume)
      ->group(where_group);
}

void add_last_arguments(CLI::App& app, CheckArguments& arguments) {
  auto* last =
      app.add_flag("--last", arguments.is_last, "Tell what the last check said; needs no rights")->group(where_group);
  add_time_span(app, "--max-age", arguments.max_age, "How old that may be (5m)")
      ->type_name("TIME")
      ->option_text("TIME")
      ->needs(last)
      ->group(where_group);
}

void add_judging_arguments(CLI::App& app, CheckArguments& arguments) {
  add_range(app, "-w", "-w,--warning", arguments.check.warning_free_percent, "Warn of so much free space, in percent");
  add_range(app, "-c", "-c,--critical", arguments.check.critical_free_percent, "The same for critical");
  const auto set_limit = [&arguments](int seconds) { arguments.check.limit = std::chrono::seconds(seconds); };
  app.add_option_function<int>("-t,--timeout", set_limit, "All of it ends by then (10)")
      ->type_name("SECONDS")
      ->option_text("SECONDS")
      ->check(CLI::Range(1, 3600))
      ->group(judge_group);
  app.add_flag("--write", arguments.check.write, "Write, read and remove a small file as well")->group(judge_group);
  app.add_option("-I,--ignore-errors", arguments.demoted, "Only warn of this finding; may be repeated")
      ->option_text("CODE")
      ->check(refuse_code)
      ->allow_extra_args(false)
      ->group(judge_group);
  app.add_flag("--exit-ok", arguments.exit_ok, "Exit with 0 whatever is found")->group(judge_group);
}

void add_repair_arguments(CLI::App& app, CheckArguments& arguments) {
  // A flag, so that the word after it is never taken for its value.
  auto* repair =
      app.add_flag("--repair{safe}", arguments.repair, "Do what is safe; =hung: cut a hung mount off as well")
          ->option_text("[=hung]")
          ->check(CLI::IsMember({"safe", "hung"}))
          ->group(repair_group);
  app.add_flag("--dry-run", arguments.is_dry_run, "Only tell what --repair would do")
      ->needs(repair)
      ->option_text(" ")
      ->group(repair_group);
}

void add_output_arguments(CLI::App& app, CheckArguments& arguments) {
  add_choice(app, "--format", arguments.format, {Format::plugin, Format::text, Format::json, Format::prometheus},
             "Default: text on a terminal, else plugin");
  app.get_option("--format")->option_text("plugin|text|json|prometheus")->group(output_group);
  app.add_option("--output", arguments.output, "Replace this file instead of printing")
      ->type_name("FILE")
      ->check(refuse_empty)
      ->group(output_group);
  app.add_flag("-v,--verbose", arguments.verbosity, "Say more; -vv, -vvv: more still")->group(output_group);
  app.add_flag("-x,--ill", arguments.ill_only, "As text, only what is ill")->group(output_group);
  app.add_flag("--error-codes", arguments.error_codes, "Print findings as gnt-cluster verify does")
      ->excludes(app.get_option("--format"))
      ->option_text(" ")
      ->group(output_group);
  add_choice(app, "--color", arguments.color, {Color::automatic, Color::always, Color::never}, "Colours in text");
  app.get_option("--color")->group(output_group);
}

}  // namespace

std::string to_string(Format format) {
  switch (format) {
    case Format::plugin:
      return "plugin";
    case Format::json:
      return "json";
    case Format::prometheus:
      return "prometheus";
    case Format::text:
      break;
  }
  return "text";
}

Format CheckArguments::format_in_force(bool is_terminal) const {
  if (format) return *format;
  if (ill_only) return Format::text;
  if (!output.empty()) return output.ends_with(".prom") ? Format::prometheus : Format::plugin;
  return is_terminal ? Format::text : Format::plugin;
}

std::string CheckArguments::storage_dir_in_force() const {
  return check.storage_dir.empty() ? configured_storage_dir(check.paths) : check.storage_dir;
}

void add_check_options(CLI::App& app, CheckArguments& arguments) {
  add_volume_arguments(app, arguments);
  add_last_arguments(app, arguments);
  add_judging_arguments(app, arguments);
  add_repair_arguments(app, arguments);
  add_output_arguments(app, arguments);
}

std::optional<GlusterVolume> expected_volume(const CheckArguments& arguments) {
  if (arguments.volume.empty()) return std::nullopt;
  const GlusterVolume named({arguments.servers, arguments.port, arguments.volume, arguments.subdir, Transport::tcp});
  if (!arguments.servers.empty()) return named;
  const Mounter mounter(arguments.storage_dir_in_force(), {}, arguments.check.paths);
  for (const auto& used : mounter.used_volumes()) {
    if (used.name_with_subdir() == named.name_with_subdir()) return used;
  }
  return named;
}

}  // namespace ganeti::gluster::tool
