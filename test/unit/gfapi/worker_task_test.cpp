// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker_task.hpp"

#include <chrono>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

using namespace ganeti::gluster;
using namespace std::chrono_literals;

namespace {

WorkerTask there_and_back(const GlusterVolume& volume, const VolumeSettings& settings, const NodePaths& paths = {}) {
  return WorkerTask::parse(WorkerTask(volume, settings, paths).format());
}

}  // namespace

TEST_CASE("a worker is told the volume with all that the settings add") {
  VolumeSettings settings;
  settings.servers = {"node3", "2001:db8::1"};
  settings.subdir = "vms/a";
  settings.log_level = "DEBUG";
  settings.mount_timeout = 1500ms;
  NodePaths paths;
  paths.client_log_dir = "/var/log/with a blank";
  paths.persistent_dir = "/p";
  paths.ganeti_data_dir = "/d";
  const auto volume = GlusterVolume::parse("node1,node2:/gv0");
  const auto task = there_and_back(volume, settings, paths);
  CHECK(task.volume == WorkerTask(volume, settings, paths).volume);
  CHECK(task.volume.subdir() == "vms/a");
  CHECK(task.volume.servers().size() == 4);
  CHECK(task.log_level == "DEBUG");
  CHECK(task.connect_timeout == 1500ms);
  CHECK(task.paths.client_log_dir == "/var/log/with a blank");
  CHECK(task.paths.persistent_dir == "/p");
  CHECK(task.paths.ganeti_data_dir == "/d");
}

TEST_CASE("a worker is told a server's socket, and another port") {
  VolumeSettings settings;
  settings.transport = Transport::unix_socket;
  settings.servers = {"/run/glusterd.socket"};
  VolumeParameters parameters;
  parameters.servers = {"/run/glusterd.socket"};
  parameters.volume = "gv0";
  parameters.transport = Transport::unix_socket;
  const GlusterVolume by_socket(parameters);
  CHECK(there_and_back(by_socket, settings).volume == by_socket);
  const auto task = there_and_back(GlusterVolume::parse("node1:24008:/gv0"), {});
  CHECK(task.volume.port() == 24008);
}

TEST_CASE("what makes another connection makes another text, and nothing else does") {
  const auto volume = GlusterVolume::parse("node1:/gv0");
  const auto text = WorkerTask(volume, {}, {}).format();
  CHECK(WorkerTask(GlusterVolume::parse("node1:/gv0"), {}, {}).format() == text);
  CHECK(WorkerTask(GlusterVolume::parse("node1:/gv1"), {}, {}).format() != text);
  CHECK(WorkerTask(GlusterVolume::parse("node2:/gv0"), {}, {}).format() != text);
  VolumeSettings settings;
  settings.subdir = "vms";
  CHECK(WorkerTask(volume, settings, {}).format() != text);
}

TEST_CASE("a text that is no task is refused") {
  CHECK_THROWS_AS(WorkerTask::parse(""), VolumeError);
  CHECK_THROWS_AS(WorkerTask::parse("volume = gv0\n"), VolumeError);
}
