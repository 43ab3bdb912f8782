// SPDX-License-Identifier: BSD-2-Clause
#include "mount/status.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <ganeti-gluster/mount/mounter.hpp>

#include "mount/client.hpp"
#include "mount/context.hpp"
#include "mount/failure_record.hpp"
#include "mount/holds.hpp"

namespace ganeti::gluster {
namespace {

ProcessStatus describe(const LockHolder& holder) {
  return {holder.process.pid, process_state(holder.process.pid), holder.seconds, holder.command};
}

// The same judgement that a request would get, without changing anything.
void judge(const MountContext& context, const MountView& view, const StateDir& state, std::chrono::milliseconds limit,
           MountStatus& status) {
  if (view.row->type != gluster_type || view.row->root != "/") {
    status.state = MountState::other;
    status.detail = fmt::format("a file system of type {} (source {})", view.row->type, view.row->source);
    status.cure = fmt::format("find out who mounted it; if nobody needs it: umount {}", view.real);
    return;
  }
  const auto settings = context.settings.for_volume(view.record ? view.record->volume_name() : "");
  const auto asked = Clock::now();
  const auto answer = probe(state, view.dir, !view.record, Deadline::in(std::min(limit, settings.probe_timeout)));
  try {
    if (answer.health != Health::well) throw_unwell(context, view, answer);
  } catch (const MountError& error) {
    if (error.code() == Errc::cannot_tell) status.state = MountState::cannot_tell;
    if (error.code() == Errc::unreachable) status.state = MountState::unreachable;
    if (error.code() == Errc::mount_hung) status.state = MountState::hung;
    if (error.code() == Errc::mount_dead) status.state = MountState::dead;
    status.detail = error.text().why;
    status.cure = error.text().cure;
    return;
  }
  status.state = MountState::well;
  status.answer_time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked);
  if (answer.identity) {
    status.volume_id = answer.identity->volume_id;
    status.detail = fmt::format("volume {}, mounted by somebody else", answer.identity->name);
  }
}

}  // namespace

ProcessStatus describe(const ProcessId& process) {
  return {process.pid, process_state(process.pid), process_age_seconds(process), command_text(process.pid)};
}

std::string to_string(MountState state) {
  switch (state) {
    case MountState::not_mounted:
      return "not mounted";
    case MountState::well:
      return "well";
    case MountState::other:
      return "other file system";
    case MountState::cannot_tell:
      return "cannot tell";
    case MountState::unreachable:
      return "unreachable";
    case MountState::hung:
      return "hung";
    case MountState::dead:
      return "dead";
  }
  return "unknown";
}

MountStatus Mounter::status(std::chrono::milliseconds limit) const {
  MountStatus status;
  status.storage_dir = context_->dir.spelled();
  const auto real = context_->dir.real();
  if (!real) return status;
  status.real_path = *real;
  const auto state = context_->state(*real);
  const auto view = look(*context_);
  if (view && view->row) {
    status.row = RowStatus{view->row->id, view->row->type, view->row->source, view->depth, view->row->is_read_only};
    if (view->record) {
      status.volume = view->record->volume;
      status.volume_id = view->record->volume_id;
    }
    const auto clients = find_clients(*view->row);
    if (!clients.empty()) status.client = describe(clients.front());
    judge(*context_, *view, state, limit, status);
    if (const auto child = waiting_probe(state, view->row->id)) status.abandoned_child = describe(*child);
  } else if (view) {
    status.stray_files = StorageDir::entries(view->dir.root.get());
  }
  status.uses = disk_uses();
  status.holds = with_uses(read_holds(state), status.uses);
  if (const auto holder = StorageLock::holder(state)) status.lock_holder = describe(*holder);
  if (const auto failure = read_failure(state)) {
    status.last_failure =
        FailureStatus{failure->volume, code_name(failure->code), MountError(failure->code, failure->text).what(),
                      (time_since_boot() - failure->time).count() / 1000};
  }
  return status;
}

}  // namespace ganeti::gluster
