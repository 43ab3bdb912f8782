// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/version.hpp>

#include "commands.hpp"
#include "help.hpp"
#include "output.hpp"
#include "plugin_output.hpp"

namespace ganeti::gluster::tool {
namespace {

// Where the monitoring system looks: a plugin's standard error reaches nobody.
int refuse(const std::string& why, const CLI::App& command) {
  if (command.get_parent() == nullptr) {
    fmt::print("{}", plugin_unknown(why));
  } else {
    fmt::print(stderr, "gluster-mount-check: error: {}\n", why);
  }
  fmt::print(stderr, "See: {} --help\n", full_name(command));
  return exit_unknown;
}

int run_action(const Action& action, const CheckArguments& arguments) {
  try {
    const int status = action ? action(arguments) : check(arguments);
    return finish_output() ? status : exit_unknown;
  } catch (const std::exception& error) {
    if (action) {
      print_error(error, false);
    } else {
      fmt::print("{}", plugin_unknown(error.what()));
    }
    return exit_unknown;
  }
}

int run(int argc, char** argv) {
  CLI::App app("Tells whether GlusterFS serves this node of a Ganeti cluster as it should.", "gluster-mount-check");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.set_version_flag("-V,--version", "gluster-mount-check " GANETI_GLUSTER_VERSION, "Print the version and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(26);
  app.require_subcommand(0, 1);

  CheckArguments arguments;
  Action action;
  add_check_options(app, arguments);
  add_explain(app, action);
  add_mute(app, action);
  add_unmute(app, action);
  add_mutes(app, action);
  app.footer(
      "A RANGE is [@]START:END, as in all monitoring plugins: 20: alerts below 20.\n"
      "Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, also for this text.\n"
      "Examples:\n"
      "  gluster-mount-check\n"
      "  gluster-mount-check -w 30: -c 15: -t 20\n"
      "  gluster-mount-check explain MOUNT_DEAD\n"
      "Manual: gluster-mount-check(8).");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return refuse(error.what(), innermost(app));
    static_cast<void>(app.exit(error));  // --help, --version
    return exit_unknown;
  }
  send_log_to_stderr(arguments.verbosity > 2);
  return run_action(action, arguments);
}

}  // namespace
}  // namespace ganeti::gluster::tool

int main(int argc, char** argv) {
  try {
    return ganeti::gluster::tool::run(argc, argv);
  } catch (...) {  // no memory for the command line, or no way to say what went wrong
    return ganeti::gluster::tool::exit_unknown;
  }
}
