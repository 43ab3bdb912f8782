// SPDX-License-Identifier: BSD-2-Clause
#include "mount/holds.hpp"

#include <algorithm>

#include <unistd.h>

#include <fmt/format.h>

#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

struct ReasonName {
  HoldReason reason;
  const char* name;
};
constexpr ReasonName reason_names[] = {{HoldReason::assembled, "assembled"},
                                       {HoldReason::opened, "opened"},
                                       {HoldReason::found, "found"},
                                       {HoldReason::admin, "admin"}};

HoldReason parse_reason(const std::string& text) {
  const auto* row = std::find_if(std::begin(reason_names), std::end(reason_names),
                                 [&](const ReasonName& r) { return text == r.name; });
  return row == std::end(reason_names) ? HoldReason::found : row->reason;
}

std::string hold_file(const std::string& disk) { return fmt::format("{}/{}", state_file::holds, escape_name(disk)); }

}  // namespace

std::string to_string(HoldReason reason) {
  const auto* row = std::find_if(std::begin(reason_names), std::end(reason_names),
                                 [reason](const ReasonName& r) { return r.reason == reason; });
  return row == std::end(reason_names) ? "unknown" : row->name;
}

void write_hold(const StateDir& state, const StorageLock& /*lock*/, const Hold& hold) {
  Record record;
  record.set("disk", hold.disk);
  record.set("volume", hold.volume);
  record.set("reason", to_string(hold.reason));
  record.set("since", time_since_boot().count());
  record.set("command", hold.command.empty() ? command_text(getpid()) : hold.command);
  record.write(state.fd(), hold_file(hold.disk));
}

bool drop_hold(const StateDir& state, const StorageLock& /*lock*/, const std::string& disk) {
  return unlinkat(state.fd(), hold_file(disk).c_str(), 0) == 0;
}

void move_hold(const StateDir& state, const StorageLock& lock, const std::string& from, const std::string& to) {
  auto record = Record::read(state.fd(), hold_file(from));
  if (!record) return;
  record->set("disk", to);
  record->write(state.fd(), hold_file(to));  // first the new one: never a moment without any
  drop_hold(state, lock, from);
}

std::vector<Hold> read_holds(const StateDir& state) {
  std::vector<Hold> holds;
  state.for_each_record(state_file::holds, [&](const Record& record) {
    holds.push_back({record.text("disk"), record.text("volume"), parse_reason(record.text("reason")),
                     record.text("command"), (time_since_boot().count() - record.number("since")) / 1000});
  });
  std::sort(holds.begin(), holds.end(), [](const Hold& a, const Hold& b) { return a.disk < b.disk; });
  return holds;
}

std::vector<HoldStatus> with_uses(std::vector<Hold> holds, const std::vector<DiskUse>& uses) {
  std::vector<HoldStatus> list;
  for (auto& hold : holds) {
    const auto use = std::find_if(uses.begin(), uses.end(), [&](const DiskUse& u) { return u.disk == hold.disk; });
    auto found = use == uses.end() ? DiskUse{hold.disk, {}, {}, {}} : *use;
    list.push_back({std::move(hold), std::move(found)});
  }
  return list;
}

bool has_holds(const StateDir& state) {
  bool any = false;
  state.for_each_record(state_file::holds, [&](const Record&) { any = true; });
  return any;
}

}  // namespace ganeti::gluster
