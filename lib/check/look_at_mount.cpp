// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include <ganeti-gluster/storage/report.hpp>

#include "check/check_context.hpp"
#include "mount/client.hpp"
#include "mount/server_choice.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

const char* code_of(MountState state) {
  switch (state) {
    case MountState::other:
      return "WRONG_VOLUME";
    case MountState::cannot_tell:
      return "CANNOT_TELL";
    case MountState::unreachable:
      return "UNREACHABLE";
    case MountState::hung:
      return "MOUNT_HUNG";
    case MountState::dead:
      return "MOUNT_DEAD";
    case MountState::not_mounted:
    case MountState::well:
      break;
  }
  return nullptr;
}

// Names of instances stand in the links that Ganeti makes, `NAME:INDEX`.
std::vector<std::string> instances_of(const std::vector<DiskUse>& uses) {
  std::vector<std::string> names;
  for (const auto& use : uses) {
    for (const auto& link : use.links) names.push_back(link.substr(0, link.rfind(':')));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// The disks for which the mount has to be there.
std::vector<std::string> needing(const MountStatus& status) {
  std::vector<std::string> disks;
  for (const auto& hold : status.holds) {
    if (!hold.is_stale()) disks.push_back(hold.hold.disk);
  }
  for (const auto& use : status.uses) {
    if (!use.processes.empty() && std::find(disks.begin(), disks.end(), use.disk) == disks.end())
      disks.push_back(use.disk);
  }
  return disks;
}

void judge_absence(CheckContext& context) {
  const auto& status = context.status;
  auto disks = needing(status);
  if (!disks.empty()) {
    const auto evidence = fmt::format("nothing is mounted on {}, which {} needs", status.storage_dir,
                                      disks.size() == 1 ? disks.front() : fmt::format("{} disks", disks.size()));
    context.add("MOUNT_MISSING", evidence, "ganeti-gluster mount", std::move(disks)).instances = context.instances;
  }
  constexpr std::int64_t recent_seconds = 3600;
  if (status.last_failure && status.last_failure->age_seconds < recent_seconds) {
    context.add("MOUNT_FAILED",
                fmt::format("{} s ago: {}", status.last_failure->age_seconds, status.last_failure->message),
                "ganeti-gluster mount");
  }
}

void judge_health(CheckContext& context) {
  const auto& status = context.status;
  const auto& row = *status.row;
  if (row.is_read_only) {
    context
        .add("MOUNT_READ_ONLY", fmt::format("{} is mounted with the option ro", row.source),
             fmt::format("stop the instances that use it, then: umount {} && ganeti-gluster mount", status.real_path))
        .instances = context.instances;
  }
  if (*status.answer_time > context.options.slow_answer) {
    context
        .add("MOUNT_SLOW", fmt::format("it took {} ms", status.answer_time->count() / 1000),
             "see what the bricks do: gluster volume status, gluster volume heal VOLUME info summary")
        .instances = context.instances;
  }
}

// What this node's disks lie on, as far as anything says so.
std::vector<GlusterVolume> expected_volumes(const CheckContext& context) {
  if (context.options.volume) return {*context.options.volume};
  auto volumes = context.mounter->used_volumes();
  if (const auto& configured = context.settings.default_volume()) volumes.push_back(*configured);
  return volumes;
}

// A mount that a request made or used was verified then; who made another one knows best what he did.
void judge_identity(CheckContext& context) {
  const auto& status = context.status;
  if (!context.options.volume && !status.volume.empty()) return;
  const auto expected = expected_volumes(context);
  const auto view = look(*context.mount);
  if (expected.empty() || !view || !view->row) return;
  const auto answer = probe(context.mount->state(view->real), view->dir, true, context.deadline);
  if (!answer.identity) throw CannotJudge("the mount does not say which volume it is");
  std::string found;
  std::string wanted;
  for (const auto& volume : expected) {
    const auto settings = context.settings.for_volume(volume.name());
    const auto identified = identify(*answer.identity, with_settings(volume, settings));
    if (identified.match == Match::ours) return;
    found = identified.describe(*answer.identity);
    wanted += (wanted.empty() ? "" : " or ") + volume.to_string();
  }
  context
      .add("WRONG_VOLUME", fmt::format("{} is mounted, not {}", found, wanted),
           fmt::format("see who uses it: fuser -vm {0}; then: umount {0}", status.real_path))
      .instances = context.instances;
}

void judge_namespaces(CheckContext& context) {
  std::vector<std::string> processes;
  for (const auto& client : find_hidden_clients(context.status.real_path)) {
    processes.push_back(fmt::format("process {}", client.pid));
  }
  if (processes.empty()) return;
  context.add("WRONG_NAMESPACE",
              fmt::format("glusterfs, {}, serves a mount that the node daemon does not see", processes.front()),
              "restart the service that mounted it without PrivateTmp, ProtectSystem and their kin", processes);
}

void find_volume(CheckContext& context) {
  try {
    const auto volume = context.options.volume ? *context.options.volume : report_volume(*context.mounter);
    context.report.volume = volume.to_string();
    context.volume =
        with_learned_servers(context.options.paths, with_settings(volume, context.settings.for_volume(volume.name())));
  } catch (const SettingsError& error) {
    context.add("VOLUME_UNKNOWN", error.text().why, error.text().cure);
  } catch (const VolumeError& error) {  // what the settings add to it
    context.add("INVALID_SETTINGS", error.what(), error.text().cure);
  }
}

}  // namespace

void look_at_mount(CheckContext& context) {
  constexpr int most_percent = 60;  // of the time that is left: others have something to say as well
  context.status = context.mounter->status(context.deadline.left() * most_percent / 100);
  const auto& status = context.status;
  auto& report = context.report;
  report.state = to_string(status.state);
  report.measured.answer_time = status.answer_time;
  report.measured.holds = status.holds.size();
  context.instances = instances_of(status.uses);
  if (status.row && status.row->depth > 1) {
    context
        .add("MOUNT_STACKED", fmt::format("{} mounts lie on top of each other", status.row->depth),
             "gluster-mount-check --repair")
        .extent = status.row->depth - 1;
  }
  if (const auto* code = code_of(status.state)) {
    context.add(code, status.detail, status.cure).instances = context.instances;
  } else if (status.state == MountState::not_mounted) {
    judge_absence(context);
  } else {
    judge_health(context);
    judge_identity(context);
    judge_idleness(context);
    report.state = to_string(status.state);
  }
  judge_namespaces(context);
  find_volume(context);
}

void look_at_holds(CheckContext& context) {
  const auto& status = context.status;
  std::vector<std::string> stale;
  for (const auto& hold : status.holds) {
    if (hold.is_stale() && hold.hold.age_seconds >= settled_hold.count()) stale.push_back(hold.hold.disk);
  }
  if (!stale.empty()) {
    const auto evidence = "nothing uses " + some_of(stale);
    context.add("HOLD_STALE", evidence, "ganeti-gluster umount --all-stale", std::move(stale));
  }
  const auto limits = context.settings.for_volume(context.volume ? context.volume->name() : "");
  if (const auto& child = status.abandoned_child; child && child->age_seconds > limits.probe_timeout / 1s) {
    context.add("CHILD_ABANDONED", fmt::format("process {} has waited for {} s", child->pid, child->age_seconds),
                "see MOUNT_HUNG", {fmt::format("process {}", child->pid)});
  }
  if (const auto& holder = status.lock_holder; holder && holder->age_seconds > limits.lock_timeout / 1s) {
    context.add("LOCK_TIMEOUT",
                fmt::format("process {} has had it for {} s: {}", holder->pid, holder->age_seconds, holder->command),
                fmt::format("see what process {} waits for; if it is of no use: kill {}", holder->pid, holder->pid));
  }
}

}  // namespace ganeti::gluster
