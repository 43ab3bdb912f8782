// SPDX-License-Identifier: BSD-2-Clause
#include "mount/mount_record.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace ganeti::gluster {

bool MountRecord::was_well_just_now() const {
  constexpr std::chrono::seconds freshness{2};
  const auto age = time_since_boot() - last_well;
  return age >= std::chrono::milliseconds(0) && age < freshness;
}

bool MountRecord::is(const GlusterVolume& wanted) const {
  return name_with_subdir == wanted.name_with_subdir() &&
         std::any_of(wanted.servers().begin(), wanted.servers().end(), [this](const Server& server) {
           return std::find(servers.begin(), servers.end(), server.host) != servers.end();
         });
}

std::string device_text(const StorageDirView& view) {
  return fmt::format("{}:{}", view.device_major, view.device_minor);
}

std::optional<MountRecord> read_mount_record(const StateDir& state, const StorageDirView& view) {
  const auto values = Record::read(state.fd(), state_file::mount);
  if (!values || values->number("mount_id") != view.mount_id || values->text("device") != device_text(view)) {
    return std::nullopt;
  }
  MountRecord record{view.mount_id,
                     values->text("device"),
                     values->text("volume"),
                     values->text("name"),
                     values->text("volume_id"),
                     {},
                     {static_cast<pid_t>(values->number("client_pid")), values->number("client_start")},
                     std::chrono::milliseconds(values->number("last_well"))};
  std::istringstream servers(values->text("servers"));
  for (std::string server; servers >> server;) record.servers.push_back(server);
  return record;
}

void write_mount_record(const StateDir& state, const MountRecord& record) {
  Record values;
  values.set("mount_id", record.mount_id);
  values.set("device", record.device);
  values.set("volume", record.volume);
  values.set("name", record.name_with_subdir);
  values.set("volume_id", record.volume_id);
  values.set("servers", fmt::format("{}", fmt::join(record.servers, " ")));
  values.set("client_pid", record.client.pid);
  values.set("client_start", record.client.start_ticks);
  values.set("last_well", record.last_well.count());
  values.write(state.fd(), state_file::mount);
}

}  // namespace ganeti::gluster
