// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/check/history.hpp>
#include <ganeti-gluster/check/verdict.hpp>

#include "commands.hpp"
#include "error_codes.hpp"
#include "journal.hpp"
#include "output_file.hpp"
#include "plugin_output.hpp"
#include "prometheus_output.hpp"
#include "repair.hpp"
#include "text_output.hpp"
#include "time_span.hpp"

namespace ganeti::gluster::tool {
namespace {

std::size_t terminal_width() {
  constexpr std::size_t usual = 80;
  constexpr std::size_t least = 40;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
  return std::max<std::size_t>(size.ws_col, least);
}

TextStyle text_style(const CheckArguments& arguments, bool is_terminal) {
  const ColorSurroundings surroundings{std::getenv("NO_COLOR"), std::getenv("TERM"), is_terminal};
  return {is_colored(arguments.color.value_or(Color::automatic), surroundings), arguments.ill_only,
          arguments.verbosity > 0, terminal_width()};
}

std::string format(const CheckReport& report, const CheckArguments& arguments) {
  if (arguments.error_codes) return error_code_lines(report);
  const bool is_terminal = arguments.output.empty() && isatty(STDOUT_FILENO) == 1;
  switch (arguments.format_in_force(is_terminal)) {
    case Format::json:
      return to_json_text(report);
    case Format::prometheus:
      return prometheus_output(report);
    case Format::text:
      return text_output(report, text_style(arguments, is_terminal));
    case Format::plugin:
      break;
  }
  return plugin_output(report, arguments.check, arguments.verbosity);
}

CheckReport look(const CheckArguments& arguments) {
  auto options = arguments.check;
  options.volume = expected_volume(arguments);
  auto report = check_node_within(options);
  if (geteuid() != 0) return report;  // it may keep nothing, and saw less than root does
  const auto transitions = remember_findings(options.paths, report);
  publish_verdict(options.paths, report);
  tell_journal(report, transitions);
  return report;
}

CheckReport make_report(const CheckArguments& arguments) {
  auto report = arguments.is_last ? last_verdict(arguments.check.paths,
                                                 {arguments.storage_dir_in_force(), arguments.max_age, seconds_now()})
                                  : look(arguments);
  demote(report, arguments.demoted);
  return report;
}

}  // namespace

int check(const CheckArguments& arguments) {
  if (!arguments.repair.empty()) return repair(arguments, [&] { return look(arguments); });
  const auto report = make_report(arguments);
  const auto text = format(report, arguments);
  if (arguments.output.empty()) {
    fmt::print("{}", text);
  } else {
    replace_output_file(arguments.output, text);
  }
  return arguments.exit_ok ? 0 : static_cast<int>(report.severity());
}

}  // namespace ganeti::gluster::tool
