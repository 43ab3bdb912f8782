// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>

#include "base/file.hpp"
#include "test/unit/base/scratch.hpp"

using namespace ganeti::gluster;
using test::Scratch;

namespace {

// What a function makes of a node whose ssconf has one file.
std::string read_on_node(std::string (*function)(const NodePaths&), const char* file, const std::string& content) {
  const Scratch dir;
  replace_file(dir.dir(), file, content);
  NodePaths paths;
  paths.ganeti_data_dir = dir.path();
  return function(paths);
}

std::string storage_dir_of(const std::string& content) {
  return read_on_node(configured_storage_dir, "ssconf_gluster_storage_dir", content);
}

std::string cluster_name_of(const std::string& content) {
  return read_on_node(cluster_name, "ssconf_cluster_name", content);
}

}  // namespace

TEST_CASE("the storage dir is the one that Ganeti wrote down") {
  CHECK(storage_dir_of("/srv/ganeti/gluster\n") == "/srv/ganeti/gluster");
  CHECK(storage_dir_of("/srv/a b") == "/srv/a b");
}

TEST_CASE("without a file or with an empty one the storage dir is Ganeti's default") {
  CHECK(storage_dir_of("") == "/var/run/ganeti/gluster");
  CHECK(storage_dir_of("\n") == "/var/run/ganeti/gluster");
  NodePaths paths;
  paths.ganeti_data_dir = "/nonexistent";
  CHECK(configured_storage_dir(paths) == "/var/run/ganeti/gluster");
}

TEST_CASE("a storage dir that is no absolute path is refused") {
  const auto content = GENERATE(as<std::string>(), "srv/gluster\n", " /srv\n", "/srv\n/etc\n", "/srv\x01", "../srv");
  CAPTURE(content);
  CHECK_THROWS_AS(storage_dir_of(content), SettingsError);
}

TEST_CASE("the cluster's name is the one that Ganeti wrote down, and none without Ganeti") {
  CHECK(cluster_name_of("cluster.example.org\n") == "cluster.example.org");
  CHECK(cluster_name_of("").empty());
  NodePaths paths;
  paths.ganeti_data_dir = "/nonexistent";
  CHECK(cluster_name(paths).empty());
}

TEST_CASE("a cluster's name with control characters is refused") {
  const auto content = GENERATE(as<std::string>(), "a\nb\n", "a\x1b[2J\n", "a\x7f", "a\r\n");
  CAPTURE(content);
  CHECK_THROWS_WITH(cluster_name_of(content),
                    Catch::Contains("/ssconf_cluster_name: cannot read the cluster's name: "));
}

TEST_CASE("an unreadable file of ssconf is an error of the system") {
  const Scratch dir;
  boost::filesystem::create_directory(dir.path("ssconf_gluster_storage_dir"));
  boost::filesystem::create_directory(dir.path("ssconf_cluster_name"));
  NodePaths paths;
  paths.ganeti_data_dir = dir.path();
  for (auto* const function : {configured_storage_dir, cluster_name}) {
    try {
      static_cast<void>(function(paths));
      FAIL("a folder was read");
    } catch (const SettingsError& error) {
      CHECK(error.code() == std::errc::is_a_directory);
    }
  }
}
