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

std::string storage_dir_of(const std::string& content) {
  const Scratch dir;
  replace_file(dir.dir(), "ssconf_gluster_storage_dir", content);
  NodePaths paths;
  paths.ganeti_data_dir = dir.path();
  return configured_storage_dir(paths);
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

TEST_CASE("an unreadable storage dir file is an error of the system") {
  const Scratch dir;
  boost::filesystem::create_directory(dir.path("ssconf_gluster_storage_dir"));
  NodePaths paths;
  paths.ganeti_data_dir = dir.path();
  try {
    static_cast<void>(configured_storage_dir(paths));
    FAIL("a folder was read");
  } catch (const SettingsError& error) {
    CHECK(error.code() == std::errc::is_a_directory);
  }
}
