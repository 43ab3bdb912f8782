// SPDX-License-Identifier: BSD-2-Clause
#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "output_file.hpp"
#include "test/unit/base/scratch.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

long entries(const std::string& folder) {
  return std::distance(boost::filesystem::directory_iterator(folder), boost::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("an output file is replaced as a whole, readable for all") {
  const test::Scratch scratch;
  const auto file = scratch.path("gluster.prom");
  replace_output_file(file, "old and longer\n");
  struct stat before {};
  REQUIRE(stat(file.c_str(), &before) == 0);
  replace_output_file(file, "new\n");
  struct stat after {};
  REQUIRE(stat(file.c_str(), &after) == 0);
  CHECK(content(file) == "new\n");
  CHECK(before.st_ino != after.st_ino);
  CHECK((after.st_mode & 07777U) == 0644);
  CHECK(entries(scratch.path()) == 1);
}

TEST_CASE("a link in the place of an output file is replaced, and its target left alone") {
  const test::Scratch scratch;
  replace_output_file(scratch.path("target"), "kept");
  REQUIRE(symlink("target", scratch.path("gluster.prom").c_str()) == 0);
  replace_output_file(scratch.path("gluster.prom"), "new");
  CHECK(content(scratch.path("target")) == "kept");
  CHECK(content(scratch.path("gluster.prom")) == "new");
}

TEST_CASE("an output file that cannot be written leaves nothing behind") {
  const test::Scratch scratch;
  CHECK_THROWS_WITH(replace_output_file(scratch.path("missing/gluster.prom"), "x"),
                    Catch::Contains("missing/gluster.prom: cannot make a new file beside it: No such file"));
  REQUIRE(mkdir(scratch.path("gluster.prom").c_str(), 0700) == 0);
  CHECK_THROWS_AS(replace_output_file(scratch.path("gluster.prom"), "x"), Error);
  CHECK(entries(scratch.path()) == 1);
}
