// SPDX-License-Identifier: BSD-2-Clause
//
// A mount that nothing needs: forgotten, and not just about to be used or given back.
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/log.hpp"
#include "base/process.hpp"
#include "check/check_context.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t young_seconds = 10;  // somebody may be about to use it

// Who works on the volume at this moment has its root open.
bool is_open_by_anybody(const MountStatus& status) {
  bool found = false;
  for_each_process([&](pid_t pid) {
    for_each_descriptor(pid, [&](const std::string&, const std::string& target) {
      found = found || target == status.real_path || target.starts_with(status.real_path + "/");
    });
  });
  return found;
}

bool is_idle(const CheckContext& context) {
  const auto& status = context.status;
  if (status.state != MountState::well || status.volume.empty()) return false;
  if (!status.holds.empty() || !status.uses.empty()) return false;
  if (!status.client || status.client->age_seconds <= young_seconds) return false;
  return !context.mounter->is_release_due() && !is_open_by_anybody(status);
}

}  // namespace

void judge_idleness(CheckContext& context) {
  // Between the end of a use and the unmount nobody needs it either, nor between two uses: what is idle stays so.
  for (const auto end = Deadline::in(1s); is_idle(context); std::this_thread::sleep_for(100ms)) {
    if (end.expired()) {
      context.add("MOUNT_IDLE", fmt::format("{}, for {} s", context.status.volume, context.status.client->age_seconds),
                  "gluster-mount-check --repair");
      return;
    }
    context.status = context.mounter->status(context.deadline.left() / 2);
  }
}

void give_back_mount(const CheckContext& context) {
  if (!context.mounter) return;
  try {
    if (context.mounter->is_release_due()) context.mounter->release_idle();
  } catch (const Error& error) {  // the next one tries again
    log(LogLevel::debug, "{}", error.what());
  }
}

}  // namespace ganeti::gluster
