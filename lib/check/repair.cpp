// SPDX-License-Identifier: BSD-2-Clause
#include "check/repair.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "base/file_lock.hpp"

namespace ganeti::gluster {
namespace {

// What frees a mount comes before what mounts, and images need one that is well.
constexpr std::string_view order[] = {"MOUNT_HUNG",   "MOUNT_STACKED", "MOUNT_DEAD",       "MOUNT_MISSING",
                                      "MOUNT_FAILED", "HOLD_STALE",    "UNFINISHED_IMAGE", "MOUNT_IDLE"};

// One repair at a time: a plan is made for the node as it is, and not for what another repair makes of it.
std::string act_alone(const RepairContext& context, const std::function<std::string()>& act) {
  const auto folder = open_own_folder(context.options.paths.state_dir, 0700);
  if (const auto lock = try_lock_file(folder.get(), "repair")) return act();
  throw MountError(errno_code(EBUSY), {context.storage_dir, "cannot repair", "another repair is under way on this node",
                                       "wait until it has ended: gluster-mount-check"});
}

auto rank(const RepairStep& step) {
  return std::find(std::begin(order), std::end(order), step.code) - std::begin(order);
}

}  // namespace

std::vector<RepairStep> plan_repair(const CheckReport& report, const CheckOptions& options, RepairScope scope) {
  Settings settings;
  try {
    settings = Settings::load(options.paths.settings_file);
  } catch (const SettingsError&) {  // a finding of its own, and no step may guess what it says
    return {};
  }
  const auto context = std::make_shared<const RepairContext>(RepairContext{
      options, report.storage_dir, report.volume, Mounter(report.storage_dir, settings, options.paths), scope});
  std::vector<RepairStep> steps;
  for (const auto& finding : report.findings) {
    auto step = plan_mount_repair(context, finding);
    if (step.repair.empty()) step = plan_image_repair(context, finding);
    step.code = finding.code;
    if (step.repair.empty()) {
      step.refusal = "not to be done without an admin: " + finding.cure;
      step.what = "leave it as it is";
    }
    step.act = [context, act = std::move(step.act)] { return act_alone(*context, act); };
    steps.push_back(std::move(step));
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& one, const auto& other) { return rank(one) < rank(other); });
  return steps;
}

}  // namespace ganeti::gluster
