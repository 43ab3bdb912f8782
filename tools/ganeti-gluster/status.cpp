// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "age.hpp"
#include "commands.hpp"
#include "node.hpp"
#include "output.hpp"
#include "status_dropin.hpp"
#include "status_json.hpp"
#include "status_usage.hpp"

namespace ganeti::gluster::tool {
namespace {

bool is_ill(const MountStatus& status) {
  return status.state != MountState::well && status.state != MountState::not_mounted;
}

// The letters of proc(5) that tell something; a client that waits for work is running as it should.
std::string describe_state(char state) {
  switch (state) {
    case 'R':
    case 'S':
    case 'I':
      return "running";
    case 'T':
    case 't':
      return "STOPPED";
    case 'D':
      return "waiting in the kernel (state D)";
    default:
      return fmt::format("state {}", state);
  }
}

std::string describe(const ProcessStatus& process) {
  return fmt::format("process {}, {}, for {}: {}", process.pid, describe_state(process.state),
                     format_age(process.age_seconds), process.command);
}

std::string describe(const RowStatus& row) {
  auto text = fmt::format("{}, type {}, mount id {}", row.source, row.type, row.mount_id);
  if (row.depth > 1) text += fmt::format(", {} mounts on top of each other", row.depth);
  return text;
}

void print_holds(const std::vector<HoldStatus>& holds) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [hold, use] : holds) {
    const HoldStatus status{hold, use};
    rows.push_back({hold.disk, format_age(hold.age_seconds), to_string(hold.reason),
                    use.links.empty() ? "-" : fmt::format("{}", fmt::join(use.links, ",")),
                    use.processes.empty() ? "-" : fmt::format("{}", fmt::join(use.processes, ",")),
                    status.is_stale() ? "yes" : "no"});
  }
  fmt::print("\n");
  print_table({{"HELD BY"}, {"FOR", true}, {"REASON"}, {"LINK"}, {"PROCESSES"}, {"STALE"}}, rows);
}

std::string describe(const FailureStatus& failure) {
  return fmt::format("{} ago, {}: {}", format_age(failure.age_seconds), failure.code, failure.message);
}

std::string count_holds(const std::vector<HoldStatus>& holds) {
  const auto stale = std::count_if(holds.begin(), holds.end(), [](const auto& status) { return status.is_stale(); });
  if (stale == 0) return holds.empty() ? "none" : std::to_string(holds.size());
  return fmt::format("{}, {} of them stale; drop the stale ones with: ganeti-gluster umount --all-stale", holds.size(),
                     stale);
}

void print_for_people(const MountStatus& status, const UsageStatus& usage) {
  const auto if_any = [](const auto& value) { return value ? describe(*value) : std::string(); };
  const bool same_path = status.real_path.empty() || status.real_path == status.storage_dir;
  std::vector<Field> fields{
      {"storage dir", status.storage_dir + (same_path ? "" : fmt::format(" ({})", status.real_path))},
      {"state", to_string(status.state)},
      {"detail", status.detail},
      {"action", status.cure},
      {"volume", status.volume},
      {"volume id", status.volume_id},
      {"mounted", if_any(status.row)},
      {"client", if_any(status.client)},
      {"locked by", if_any(status.lock_holder)},
      {"waiting probe", if_any(status.abandoned_child)},
      {"last failure", if_any(status.last_failure)},
      {"stray files", fmt::format("{}", fmt::join(status.stray_files, ", "))},
      {"holds", count_holds(status.holds)}};
  for (auto& field : usage_fields(usage)) fields.push_back(std::move(field));
  print_fields(fields);
  if (!status.holds.empty()) print_holds(status.holds);
}

int show_status(const Options& options) {
  const Node node(options);
  auto status = node.mounter.status();
  // A process killed between its work and its unmount leaves a mount that nobody needs.
  const bool may_be_idle = status.state == MountState::well && !status.volume.empty() && status.holds.empty();
  if (may_be_idle && node.mounter.release_idle() == Release::released) status = node.mounter.status();
  const auto usage = usage_status(node, status);
  const auto dropin = dropin_status({}, node.paths);
  if (options.json) {
    auto json = to_json(status);
    json["usage"] = to_json(usage);
    json.update(to_json(dropin));
    print_json(std::move(json));
  } else {
    print_for_people(status, usage);
    print_dropin(dropin);
  }
  return is_ill(status) || dropin.is_broken() ? 1 : 0;
}

}  // namespace

void add_status(CLI::App& parent, Options& options, Action& action) {
  auto* command =
      parent.add_subcommand("status", "Show what is mounted, its health, who holds it, and whether Ganeti uses us");
  add_common_options(*command, options);
  command->footer(
      "Answers in time even if the mount hangs. Exits with 0 if the mount is well\n"
      "or nothing is mounted, with 1 if it is ill, or if Ganeti is to use\n"
      "ganeti-gluster and cannot.\n"
      "Examples:\n"
      "  ganeti-gluster status\n"
      "  ganeti-gluster status --json | jq -r .state");
  command->callback([&action] { action = show_status; });
}

}  // namespace ganeti::gluster::tool
