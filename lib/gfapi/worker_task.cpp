// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker_task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ganeti::gluster {
namespace {

std::string server_text(const GlusterVolume& volume) {
  std::vector<std::string> hosts;
  for (const auto& server : volume.servers()) hosts.push_back(server.host);
  return fmt::format("{}", fmt::join(hosts, ","));
}

}  // namespace

WorkerTask::WorkerTask(const GlusterVolume& asked, const VolumeSettings& settings, NodePaths node_paths)
    : WorkerTask(with_settings(asked, settings), settings.log_level, settings.mount_timeout, std::move(node_paths)) {}

WorkerTask::WorkerTask(GlusterVolume exact, std::string level, std::chrono::milliseconds limit, NodePaths node_paths)
    : volume(std::move(exact)), log_level(std::move(level)), connect_timeout(limit), paths(std::move(node_paths)) {}

KeyValues WorkerTask::values() const {
  KeyValues values;
  values.set("servers", server_text(volume));
  values.set("port", std::int64_t{volume.port()});
  values.set("volume", volume.name());
  values.set("subdir", volume.subdir());
  values.set("transport", std::string(to_string(volume.transport())));
  values.set("log_level", log_level);
  values.set("connect_timeout_ms", connect_timeout.count());
  values.set("persistent_dir", paths.persistent_dir);
  values.set("ganeti_data_dir", paths.ganeti_data_dir);
  values.set("client_log_dir", paths.client_log_dir);
  return values;
}

WorkerTask WorkerTask::parse(std::string_view text) {
  const auto values = KeyValues::parse(text);
  VolumeParameters parameters;
  parameters.servers = {values.text("servers")};
  parameters.port = static_cast<std::uint16_t>(values.number("port"));
  parameters.volume = values.text("volume");
  parameters.subdir = values.text("subdir");
  parameters.transport = parse_transport(values.text("transport"));
  NodePaths paths;
  paths.persistent_dir = values.text("persistent_dir");
  paths.ganeti_data_dir = values.text("ganeti_data_dir");
  paths.client_log_dir = values.text("client_log_dir");
  return {GlusterVolume(parameters), values.text("log_level"),
          std::chrono::milliseconds(values.number("connect_timeout_ms")), std::move(paths)};
}

}  // namespace ganeti::gluster
