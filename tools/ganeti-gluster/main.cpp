// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <ganeti-gluster/version.hpp>

#include "commands.hpp"
#include "confirm.hpp"
#include "exit_status.hpp"
#include "help.hpp"
#include "output.hpp"

namespace ganeti::gluster::tool {
namespace {

int refuse(const std::string& why, const CLI::App& command, ExitStatus status) {
  fmt::print(stderr, "ganeti-gluster: error: {}\nSee: {} --help\n", why, full_name(command));
  return status;
}

// Called when no command was recognised below @p app, which is the program or a group of commands.
int refuse_without_action(const CLI::App& app) {
  const auto words = app.remaining();
  if (words.empty()) return refuse("no command given", app, exit_failed);
  const bool is_option = words.front().starts_with('-');
  return refuse(fmt::format("unknown {} '{}'", is_option ? "option" : "command", words.front()), app,
                is_option ? exit_usage : exit_failed);
}

int run(int argc, char** argv) {
  CLI::App app("Mounts GlusterFS volumes for Ganeti and works on the disk images on them.", "ganeti-gluster");
  app.set_help_flag("-h,--help", "Print this and exit");
  app.set_version_flag("--version", "ganeti-gluster " GANETI_GLUSTER_VERSION, "Print the version and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.get_formatter()->column_width(26);

  Options options;
  Action action;
  add_common_options(app, options);
  add_enable(app, options, action);
  add_disable(app, options, action);
  add_mount(app, options, action);
  add_umount(app, options, action);
  add_status(app, options, action);
  add_settings(app, options, action);
  add_report(app, options, action);
  auto* disk = app.add_subcommand(
      "disk", "Work on disk images: create, ls, info, grow, rename, import, export, serve, rm; uri, qemu, libvirt");
  add_disk_create(*disk, options, action);
  add_disk_ls(*disk, options, action);
  add_disk_info(*disk, options, action);
  add_disk_grow(*disk, options, action);
  add_disk_rename(*disk, options, action);
  add_disk_import(*disk, options, action);
  add_disk_export(*disk, options, action);
  add_disk_serve(*disk, options, action);
  add_disk_rm(*disk, options, action);
  add_disk_uri(*disk, options, action);
  add_disk_qemu(*disk, options, action);
  add_disk_libvirt(*disk, options, action);
  auto* volume = app.add_subcommand("volume", "Tell about volumes: forms");
  add_volume_forms(*volume, options, action);
  // Unknown words are left to refuse_without_action. Last: commands inherit both when they are made.
  for (auto* group : {&app, disk, volume}) {
    group->require_subcommand(0, 1);
    group->allow_extras();
  }
  disk->footer(
      "DISK is the path part of the disk's logical_id, ganeti/<instance-uuid>.<index>.\n"
      "Examples:\n"
      "  ganeti-gluster disk ls\n"
      "  ganeti-gluster disk info ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
  volume->footer("Example: ganeti-gluster volume forms --volume node1,node2:/gv0");
  app.footer(
      "Example: ganeti-gluster status\n"
      "Each command explains itself: ganeti-gluster mount --help. Manual: ganeti-gluster(8).");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return refuse(error.what(), innermost(app), exit_usage);
  }
  if (!action) return refuse_without_action(innermost(app));

  send_log_to_stderr(options.debug);
  try {
    const int status = action(options);
    return finish_output() ? status : exit_failed;
  } catch (const ArgumentError& error) {
    print_error(error, options.json);
    return exit_usage;
  } catch (const NotConfirmed& error) {
    print_error(error, options.json);
    return exit_not_confirmed;
  } catch (const std::exception& error) {
    print_error(error, options.json);
    return exit_failed;
  }
}

}  // namespace
}  // namespace ganeti::gluster::tool

int main(int argc, char** argv) {
  try {
    return ganeti::gluster::tool::run(argc, argv);
  } catch (...) {  // no memory for the command line, or no way to say what went wrong
    return 1;
  }
}
