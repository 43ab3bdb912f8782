// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/settings/settings.hpp>

#include "base/file.hpp"
#include "test/unit/base/scratch.hpp"

using namespace ganeti::gluster;
using namespace std::chrono_literals;
using test::Scratch;

namespace {

using Texts = std::vector<std::string>;

Settings settings_of(const std::string& content) {
  const Scratch dir;
  replace_file(dir.dir(), "gluster.toml", content);
  return Settings::load(dir.path("gluster.toml"));
}

constexpr const char* example = R"(default_volume = "node1,node2:24008:/gv0"

[all]
mount_options = ["direct-io-mode=enable", "noatime"]
probe_timeout = "5s"

[volume.gv0]
servers = ["node2",
           "Node3"]
probe_timeout = "500ms"
subdir = "vms//a/"
preallocation = "falloc"
overcommit = "refuse"

[volume.gv1]
)";

}  // namespace

TEST_CASE("without a file, or with an empty one, everything is at its default") {
  const Scratch dir;
  for (const auto& settings : {Settings(), Settings::load(dir.path("none.toml")), settings_of("")}) {
    CHECK_FALSE(settings.default_volume());
    CHECK(settings.volumes().empty());
    CHECK(settings.for_volume("gv0") == VolumeSettings{});
  }
}

TEST_CASE("a section for one volume wins over the one for all, key by key") {
  const auto settings = settings_of(example);
  REQUIRE(settings.default_volume());
  CHECK(settings.default_volume()->to_string() == "node1,node2:24008:/gv0");
  CHECK(settings.volumes() == Texts{"gv0", "gv1"});

  const auto gv0 = settings.for_volume("gv0");
  CHECK(gv0.servers == Texts{"node2", "Node3"});
  CHECK(gv0.subdir == "vms/a");
  CHECK(gv0.probe_timeout == 500ms);
  CHECK(gv0.mount_options == Texts{"direct-io-mode=enable", "noatime"});
  CHECK(gv0.mount_timeout == 60s);
  CHECK(gv0.preallocation == Preallocation::falloc);
  CHECK(gv0.overcommit == Overcommit::refuse);

  for (const auto* name : {"gv1", "other", ""}) {
    CHECK(settings.for_volume(name).probe_timeout == 5s);
    CHECK(settings.for_volume(name).servers.empty());
  }
}

TEST_CASE("the order of the sections does not matter") {
  const auto settings = settings_of("[volume.gv0]\nlog_level = \"DEBUG\"\n[all]\nlog_level = \"ERROR\"\n");
  CHECK(settings.for_volume("gv0").log_level == "DEBUG");
  CHECK(settings.for_volume("gv1").log_level == "ERROR");
}

TEST_CASE("a list of one volume replaces the one for all") {
  const auto settings = settings_of("[all]\nservers = [\"a\"]\n[volume.gv0]\nservers = []\n");
  CHECK(settings.for_volume("gv0").servers.empty());
}

TEST_CASE("what is in force is told with where it comes from") {
  const Scratch dir;
  const auto file = dir.path("gluster.toml");
  replace_file(dir.dir(), "gluster.toml", example);
  const auto settings = Settings::load(file);
  CHECK(settings.in_force("gv0") == std::vector<SettingInForce>{
                                        {"servers", "node2, Node3", file + ":8"},
                                        {"subdir", "vms/a", file + ":11"},
                                        {"transport", "tcp", "default"},
                                        {"mount_options", "direct-io-mode=enable, noatime", file + ":4"},
                                        {"log_level", "INFO", "default"},
                                        {"preallocation", "falloc", file + ":12"},
                                        {"overcommit", "refuse", file + ":13"},
                                        {"image_store", "auto", "default"},
                                        {"mount_timeout", "1m", "default"},
                                        {"probe_timeout", "500ms", file + ":10"},
                                        {"call_timeout", "1m", "default"},
                                        {"lock_timeout", "90s", "default"},
                                    });
  const auto all = settings.in_force(std::nullopt);
  REQUIRE(all.size() == 13);
  CHECK(all[0] == SettingInForce{"default_volume", "node1,node2:24008:/gv0", file + ":1"});
  CHECK(all[6] == SettingInForce{"preallocation", "off", "default"});
  CHECK(all[7] == SettingInForce{"overcommit", "warn", "default"});
  CHECK(all[10] == SettingInForce{"probe_timeout", "5s", file + ":5"});
  CHECK(Settings().in_force(std::nullopt).front() == SettingInForce{"default_volume", "", "default"});
}

TEST_CASE("the file may be a symlink") {
  const Scratch dir;
  replace_file(dir.dir(), "real.toml", "[all]\nlog_level = \"DEBUG\"\n");
  boost::filesystem::create_symlink("real.toml", dir.path("gluster.toml"));
  CHECK(Settings::load(dir.path("gluster.toml")).for_volume("gv0").log_level == "DEBUG");
}
