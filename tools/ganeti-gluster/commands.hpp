// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>

#include "options.hpp"

namespace ganeti::gluster::tool {

/// What the command line asked for, run once all of it has been read. @returns the exit status.
using Action = std::function<int(const Options&)>;

// Each adds one command to its parent, and sets the action if the command line names it.
void add_enable(CLI::App& parent, Options& options, Action& action);
void add_disable(CLI::App& parent, Options& options, Action& action);
void add_mount(CLI::App& parent, Options& options, Action& action);
void add_umount(CLI::App& parent, Options& options, Action& action);
void add_status(CLI::App& parent, Options& options, Action& action);
void add_settings(CLI::App& parent, Options& options, Action& action);
void add_report(CLI::App& parent, Options& options, Action& action);
void add_disk_create(CLI::App& parent, Options& options, Action& action);
void add_disk_import(CLI::App& parent, Options& options, Action& action);
void add_disk_export(CLI::App& parent, Options& options, Action& action);
void add_disk_ls(CLI::App& parent, Options& options, Action& action);
void add_disk_info(CLI::App& parent, Options& options, Action& action);
void add_disk_grow(CLI::App& parent, Options& options, Action& action);
void add_disk_rename(CLI::App& parent, Options& options, Action& action);
void add_disk_serve(CLI::App& parent, Options& options, Action& action);
void add_disk_rm(CLI::App& parent, Options& options, Action& action);
void add_disk_uri(CLI::App& parent, Options& options, Action& action);
void add_disk_qemu(CLI::App& parent, Options& options, Action& action);
void add_disk_libvirt(CLI::App& parent, Options& options, Action& action);
void add_volume_forms(CLI::App& parent, Options& options, Action& action);

}  // namespace ganeti::gluster::tool
