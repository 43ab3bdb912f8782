// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/process.hpp"
#include "check/check_context.hpp"
#include "check/repair.hpp"
#include "mount/lock.hpp"

namespace ganeti::gluster {
namespace {

[[noreturn]] void refuse(const RepairContext& context, const std::string& why) {
  throw MountError(errno_code(EBUSY), {context.storage_dir, "cannot repair the mount", why, "gluster-mount-check"});
}

// Mounting replaces a dead mount; what nobody holds is given back at once.
std::string mount_afresh(const RepairContext& context) {
  const auto lease = context.mounter.ensure_mounted(GlusterVolume::parse(context.volume), Retry::at_once);
  return fmt::format("{} is mounted on {}", context.volume, context.storage_dir);
}

RepairStep plan_mounting(const SharedRepair& context, const Finding& finding) {
  const bool is_dead = finding.code == "MOUNT_DEAD";
  RepairStep step;
  step.repair = is_dead ? "replace_dead_mount" : "mount";
  step.what = fmt::format("{} {} on {}", is_dead ? "detach the dead mount, and mount" : "mount", context->volume,
                          context->storage_dir);
  for (const auto& instance : finding.instances) {
    step.effects.push_back(
        fmt::format("{}: has lost the disks that it had open; restart it: gnt-instance reboot {}", instance, instance));
  }
  if (context->volume.empty()) step.refusal = "no volume is known here";
  step.act = [context] { return mount_afresh(*context); };
  return step;
}

MountContext mount_context(const RepairContext& context) {
  return {StorageDir(context.storage_dir), context.mounter.settings(), context.options.paths};
}

// Plain attempts: a mount that anything uses stays, and so does the lowest one.
std::string unstack(const RepairContext& context) {
  const auto mount = mount_context(context);
  auto view = look(mount);
  if (!view || view->depth < 2) refuse(context, "nothing is stacked there any more");
  const auto state = mount.state(view->real);
  const auto settings = mount.settings.for_volume("");
  const auto guard = StorageLock::acquire(state, context.storage_dir, Deadline::in(settings.lock_timeout));
  std::size_t removed = 0;
  for (view = look(mount); view && view->depth > 1; view = look(mount)) {
    const auto real = view->real;
    view.reset();  // the descriptor of its root keeps the mount busy
    const int error = unmount_in_child(real, false, Deadline::in(settings.probe_timeout));
    if (error == EBUSY) refuse(context, fmt::format("a process uses the topmost mount; see: fuser -vm {}", real));
    if (error != 0) refuse(context, errno_code(error).message());
    ++removed;
  }
  return fmt::format("{} of the stacked mounts are gone, one is left", removed);
}

RepairStep plan_unstacking(const SharedRepair& context) {
  RepairStep step;
  step.repair = "unstack_mounts";
  step.what = fmt::format("unmount all but the lowest mount of {}, unless something uses them", context->storage_dir);
  step.act = [context] { return unstack(*context); };
  return step;
}

std::string drop_stale_holds(const RepairContext& context, const std::vector<std::string>& disks) {
  std::size_t dropped = 0;
  for (const auto& status : context.mounter.holds()) {
    const bool is_meant = std::find(disks.begin(), disks.end(), status.hold.disk) != disks.end();
    const bool is_settled = status.hold.age_seconds >= settled_hold.count();
    if (is_meant && is_settled && status.is_stale() && context.mounter.drop_hold(status.hold.disk)) ++dropped;
  }
  return fmt::format("{} stale holds are dropped, and the mount is {}", dropped,
                     to_string(context.mounter.release_idle()));
}

RepairStep plan_dropping(const SharedRepair& context, const Finding& finding) {
  RepairStep step;
  step.repair = "drop_stale_holds";
  step.what = fmt::format("drop the holds of {}, and unmount if nothing else needs the mount",
                          fmt::join(finding.objects, ", "));
  step.act = [context, disks = finding.objects] { return drop_stale_holds(*context, disks); };
  return step;
}

RepairStep plan_release(const SharedRepair& context) {
  RepairStep step;
  step.repair = "release_idle_mount";
  step.what = fmt::format("unmount {} from {}", context->volume, context->storage_dir);
  step.act = [context] { return fmt::format("the mount is {}", to_string(context->mounter.release_idle())); };
  return step;
}

// Everybody who waits for the mount gets an error; then it is as dead as if its client had been killed.
std::string cut_off(const RepairContext& context) {
  const auto status = context.mounter.status();
  if (status.state != MountState::hung) refuse(context, "it does not hang any more: it is " + to_string(status.state));
  const auto view = look(mount_context(context));
  if (!view || !view->row) refuse(context, "the mount went away");
  const auto file = fmt::format("/sys/fs/fuse/connections/{}/abort", view->row->device_minor);
  std::ofstream abort(file);
  abort << "1" << std::flush;
  if (!abort) refuse(context, fmt::format("{} cannot be written", file));
  if (status.client) {
    if (const auto client = find_process(status.client->pid)) kill_process(*client);
  }
  return "the mount is cut off from its client; " + (context.volume.empty() ? "" : mount_afresh(context));
}

RepairStep plan_cutting_off(const SharedRepair& context, const Finding& finding) {
  RepairStep step;
  step.repair = "cut_off_hung_mount";
  step.what = fmt::format("abort the connection of the mount on {} to its client, end that client, and mount afresh",
                          context->storage_dir);
  const auto uses = context->mounter.disk_uses();
  for (const auto& use : uses) {
    for (const auto pid : use.processes) {
      step.effects.push_back(fmt::format("process {} ({}): errors on {}", pid, command_name(pid), use.disk));
    }
  }
  for (const auto& instance : finding.instances) step.effects.push_back(instance + ": its disks fail; restart it");
  if (context->scope != RepairScope::hung) step.refusal = "it may recover; if not: gluster-mount-check --repair=hung";
  step.act = [context] { return cut_off(*context); };
  return step;
}

}  // namespace

RepairStep plan_mount_repair(const SharedRepair& context, const Finding& finding) {
  const auto& code = finding.code;
  if (code == "MOUNT_DEAD" || code == "MOUNT_MISSING" || code == "MOUNT_FAILED") return plan_mounting(context, finding);
  if (code == "MOUNT_STACKED") return plan_unstacking(context);
  if (code == "HOLD_STALE") return plan_dropping(context, finding);
  if (code == "MOUNT_IDLE") return plan_release(context);
  if (code == "MOUNT_HUNG") return plan_cutting_off(context, finding);
  return {};
}

}  // namespace ganeti::gluster
