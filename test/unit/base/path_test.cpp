// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "base/path.hpp"

namespace ganeti::gluster {

TEST_CASE("a path is normalised as os.path.normpath does", "[path]") {
  // Each right side is what Python 3.11 answered.
  const auto [path, normal] = GENERATE(table<std::string, std::string>({
      {"", "."},
      {".", "."},
      {"./", "."},
      {"a/..", "."},
      {"./a/../.", "."},
      {"a", "a"},
      {"a/", "a"},
      {"./a//b/.", "a/b"},
      {"..", ".."},
      {"../", ".."},
      {"a/../..", ".."},
      {"../..", "../.."},
      {"../../a/../b", "../../b"},
      {"/", "/"},
      {"/.", "/"},
      {"/..", "/"},
      {"/../..", "/"},
      {"/a/../..", "/"},
      {"/../../a", "/a"},
      {"/a/../../b/./c", "/b/c"},
      {"/a", "/a"},
      {"/a/", "/a"},
      {"/a//", "/a"},
      {"/a/.", "/a"},
      {"/a/b/..", "/a"},
      {"/a/b/../", "/a"},
      {"/a//b///c", "/a/b/c"},
      {"/a/./b/../c/", "/a/c"},
      {"//", "//"},
      {"//.", "//"},
      {"//..", "//"},
      {"//a", "//a"},
      {"//a/..", "//"},
      {"//a/../..", "//"},
      {"//a/../b", "//b"},
      {"//a//b/", "//a/b"},
      {"///", "/"},
      {"///a", "/a"},
      {"////a/../b", "/b"},
      {"/...", "/..."},
      {"/a/.../b", "/a/.../b"},
      {"/.a/..b/c..", "/.a/..b/c.."},
      {"/ a / b", "/ a / b"},
      {"/a\\..\\b", "/a\\..\\b"},
  }));
  INFO(path);
  CHECK(normalise_path(path) == normal);
  CHECK(normalise_path(normal) == normal);
}

}  // namespace ganeti::gluster
