// SPDX-License-Identifier: BSD-2-Clause
#include "status_json.hpp"

namespace ganeti::gluster::tool {
namespace {

// Of its own, since the words for people may be improved and these may not.
const char* name_of(MountState state) {
  switch (state) {
    case MountState::not_mounted:
      return "not_mounted";
    case MountState::well:
      return "well";
    case MountState::other:
      return "other";
    case MountState::cannot_tell:
      return "cannot_tell";
    case MountState::unreachable:
      return "unreachable";
    case MountState::hung:
      return "hung";
    case MountState::dead:
      return "dead";
  }
  return "unknown";
}

Json to_json(const RowStatus& row) {
  return {{"mount_id", row.mount_id}, {"type", row.type}, {"source", row.source}, {"depth", row.depth}};
}

Json to_json(const ProcessStatus& process) {
  return {{"pid", process.pid},
          {"state", std::string(1, process.state)},
          {"age_seconds", process.age_seconds},
          {"command", process.command}};
}

Json to_json(const FailureStatus& failure) {
  return {{"volume", failure.volume},
          {"code", failure.code},
          {"message", failure.message},
          {"age_seconds", failure.age_seconds}};
}

Json to_json(const HoldStatus& status) {
  return {{"disk", status.hold.disk},
          {"volume", status.hold.volume},
          {"reason", to_string(status.hold.reason)},
          {"command", status.hold.command},
          {"age_seconds", status.hold.age_seconds},
          {"links", status.use.links},
          {"pids", status.use.processes},
          {"stale", status.is_stale()}};
}

template <typename T>
Json value_or_null(const std::optional<T>& value) {
  return value ? to_json(*value) : Json();
}

}  // namespace

Json process_json(const ProcessStatus& process) { return to_json(process); }

Json to_json(const MountStatus& status) {
  Json json;
  json["storage_dir"] = status.storage_dir;
  json["real_path"] = text_or_null(status.real_path);
  json["state"] = name_of(status.state);
  json["detail"] = text_or_null(status.detail);
  json["action"] = text_or_null(status.cure);
  json["volume"] = text_or_null(status.volume);
  json["volume_id"] = text_or_null(status.volume_id);
  json["mount"] = value_or_null(status.row);
  json["client"] = value_or_null(status.client);
  json["lock_holder"] = value_or_null(status.lock_holder);
  json["waiting_probe"] = value_or_null(status.abandoned_child);
  json["last_failure"] = value_or_null(status.last_failure);
  json["stray_files"] = status.stray_files;
  json["holds"] = Json::array();
  for (const auto& hold : status.holds) json["holds"].push_back(to_json(hold));
  return json;
}

}  // namespace ganeti::gluster::tool
