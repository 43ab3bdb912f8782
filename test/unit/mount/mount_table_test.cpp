// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <unistd.h>
#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "mount/mount_table.hpp"

namespace gg = ganeti::gluster;

namespace {

std::string data_file(const std::string& name) { return std::string(TEST_DATA_DIR) + "/" + name; }

}  // namespace

TEST_CASE("rows are read with escapes undone, ids and devices as numbers") {
  const auto rows = gg::read_mount_table(data_file("mountinfo/gluster"));
  REQUIRE(rows.size() == 4);
  CHECK(rows[1].id == 68);
  CHECK(rows[1].device_major == 0);
  CHECK(rows[1].device_minor == 41);
  CHECK(rows[1].type == gg::gluster_type);
  CHECK(rows[1].source == "198.51.100.1:/gv0");
  CHECK(rows[1].target == "/run/ganeti/gluster");
  CHECK(rows[1].root == "/");
  CHECK(rows[2].target == "/mnt/with space");
  CHECK(rows[3].root == "/ganeti");
}

TEST_CASE("a mount table that is not there is an error") {
  CHECK_THROWS_AS(gg::read_mount_table("/nonexistent/mountinfo"), gg::Error);
}

TEST_CASE("this process's own mount table has a root") {
  const auto rows = gg::read_mount_table();
  CHECK(std::any_of(rows.begin(), rows.end(), [](const gg::MountRow& row) { return row.target == "/"; }));
}
