// SPDX-License-Identifier: BSD-2-Clause
//
// What can be told of a node without a look at any mount.
#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <fmt/format.h>
#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include <ganeti-gluster/disk/path_policy.hpp>
#include <ganeti-gluster/dropin/status.hpp>
#include <ganeti-gluster/mount/namespace.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "check/check_context.hpp"
#include "mount/client.hpp"
#include "mount/client_log.hpp"

namespace ganeti::gluster {
namespace {

namespace fs = boost::filesystem;

constexpr const char* enable_again = "ganeti-gluster enable";

void require_log_folder(CheckContext& context, const std::string& folder) {
  struct statvfs status {};
  std::string why;
  if (statvfs(folder.c_str(), &status) != 0) {
    why = fmt::format("{}: {}", folder, errno_code(errno).message());
  } else if ((status.f_flag & ST_RDONLY) != 0) {
    why = fmt::format("{} is on a file system that is read-only", folder);
  } else if (status.f_bavail == 0) {
    why = fmt::format("{} is on a file system that is full", folder);
  }
  if (!why.empty()) context.add("CLIENT_LOG_UNWRITABLE", why, fmt::format("mkdir -p {0}; df {0}", folder));
}

const TreeStatus* in_force(const DropinStatus& dropin) {
  const auto found =
      std::find_if(dropin.trees.begin(), dropin.trees.end(), [](const auto& one) { return one.tree.in_force; });
  return found == dropin.trees.end() ? nullptr : &*found;
}

// The cluster may have no disks on Gluster at all; where its configuration does not tell, it may have some.
bool wants_gluster(const NodePaths& paths) {
  const auto templates = read_linked_file(paths.ganeti_data_dir + "/ssconf_enabled_disk_templates");
  return !templates || templates->find("gluster") != std::string::npos;
}

}  // namespace

void look_at_namespace(CheckContext& context) { enter_node_namespace(context.options.paths); }

void look_at_settings(CheckContext& context) {
  const auto& options = context.options;
  try {
    context.settings = Settings::load(options.paths.settings_file);
  } catch (const SettingsError& error) {
    context.add("INVALID_SETTINGS", fmt::format("{}: {}", error.text().subject, error.text().why),
                fmt::format("correct {}; then: ganeti-gluster settings", options.paths.settings_file));
  }
  auto& report = context.report;
  report.storage_dir = options.storage_dir.empty() ? configured_storage_dir(options.paths) : options.storage_dir;
  try {
    context.mount.emplace(MountContext{StorageDir(report.storage_dir), context.settings, options.paths});
  } catch (const MountError& error) {
    context.add("UNSAFE_STORAGE_DIR", error.text().why, error.text().cure);
    throw;
  }
  context.mounter.emplace(report.storage_dir, context.settings, options.paths);
  report.storage_dir = context.mounter->storage_dir();
}

void look_at_storage_dir(CheckContext& context) {
  const auto& dir = context.mount->dir;
  try {
    dir.check_parents();
    static_cast<void>(dir.look());
  } catch (const MountError& error) {
    context.add("UNSAFE_STORAGE_DIR", error.text().why, error.text().cure);
  }
  if (cluster_name(context.options.paths).empty()) return;  // no Ganeti, no rules of Ganeti's
  const auto& list = context.options.paths.file_storage_paths_file;
  try {
    PathPolicy(list).check_folder(dir.spelled());
  } catch (const PathPolicyError& error) {
    context.add("PATH_NOT_ALLOWED", error.text().why, fmt::format("echo {} >> {}", dir.spelled(), list));
  }
}

void look_below_mount(CheckContext& context) {
  auto stray = context.status.stray_files;
  if (context.status.row) stray = context.mount->dir.covered_entries();
  if (stray.empty()) return;
  const auto& real = context.status.real_path;
  const auto evidence = fmt::format("in {} itself: {}", real, some_of(stray));
  const auto parent = fs::path(real).parent_path().string();
  const auto cure =
      context.status.row
          ? fmt::format("mount --bind {0} /mnt; look at /mnt/{1} and move what is in it away; umount /mnt", parent,
                        fs::path(real).filename().string())
          : fmt::format("look at {}, and move what is in it away", real);
  context.add("STRAY_FILES", evidence, cure, std::move(stray));
}

void look_at_client(CheckContext& context) {
  const auto& status = context.status;
  const auto& folder = context.options.paths.client_log_dir;
  if (!status.row && !context.volume) return;  // nothing here has to do with Gluster
  require_log_folder(context, folder);
  const ClientLog log(folder, status.real_path);
  constexpr off_t huge_bytes = off_t{1} << 30U;
  struct stat file {};
  if (stat(log.path().c_str(), &file) == 0 && file.st_size > huge_bytes) {
    context.add("CLIENT_LOG_HUGE", fmt::format("{} has {} MiB", log.path(), file.st_size >> 20U),
                fmt::format("truncate -s 0 {}; and see that logrotate knows it", log.path()), {log.path()});
  }
  if (!status.client) return;
  const auto program = read_link(AT_FDCWD, fmt::format("/proc/{}/exe", status.client->pid));
  if (program && program->ends_with(" (deleted)")) {
    context.add("CLIENT_OUTDATED", fmt::format("process {} runs a program that was replaced since", status.client->pid),
                "move the instances away, then: ganeti-gluster umount && ganeti-gluster mount");
  }
}

void look_at_backend(CheckContext& context) {
  const auto dropin = dropin_status(context.options.programs, context.options.paths, Ask::nobody);
  const auto* tree = in_force(dropin);
  if (tree == nullptr || !wants_gluster(context.options.paths)) return;
  const auto text =
      fmt::format("Ganeti {}: {} is {}", tree->tree.version, tree->tree.module(), to_string(tree->backend));
  if (tree->backend == Backend::outdated) {
    context.add("BACKEND_OUTDATED", text, enable_again);
  } else if (tree->backend != Backend::ours) {
    context.add("BACKEND_INACTIVE", text, dropin.next());
  } else if (dropin.daemon.loaded == Loaded::no || dropin.daemon.loaded == Loaded::replaced) {
    const auto* what =
        dropin.daemon.loaded == Loaded::no ? "has not loaded ganeti-gluster" : "has an older one in memory";
    context.add("DAEMON_OUTDATED", fmt::format("ganeti-noded, process {}, {}", dropin.daemon.pid, what), dropin.next());
  }
}

}  // namespace ganeti::gluster
