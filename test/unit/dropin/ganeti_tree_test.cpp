// SPDX-License-Identifier: BSD-2-Clause
#include <unistd.h>

#include <catch2/catch.hpp>

#include "test/unit/dropin/scratch_node.hpp"

using namespace ganeti::gluster;
using test::ScratchNode;
using test::write_text;

namespace {

// Versions found, that in force in brackets.
std::vector<std::string> versions(const ScratchNode& node) {
  std::vector<std::string> found;
  for (const auto& tree : find_ganeti_trees(node.paths())) {
    CHECK(tree.path == node.tree(tree.version).path);
    found.push_back(tree.in_force ? "(" + tree.version + ")" : tree.version);
  }
  return found;
}

using Versions = std::vector<std::string>;

}  // namespace

TEST_CASE("the only version of Ganeti is in force") {
  const ScratchNode node;
  CHECK(versions(node) == Versions{"(3.0)"});
}

TEST_CASE("of several versions that is in force which the link names") {
  const ScratchNode node;
  node.add_tree("3.1");
  CHECK(versions(node) == Versions{"3.0", "3.1"});
  REQUIRE(symlink(node.tree("3.1").path.c_str(), node.path("share").c_str()) != 0);
  REQUIRE(symlink(node.tree("3.1").path.c_str(), node.path("link").c_str()) == 0);
  REQUIRE(symlink(node.path("link").c_str(), node.path("share/ganeti/default").c_str()) == 0);
  CHECK(versions(node) == Versions{"3.0", "(3.1)"});
}

TEST_CASE("what has no module for Gluster is no version of Ganeti, what has only the original is one") {
  const ScratchNode node;
  write_text(node.tree("2.16").path + "/ganeti/utils/version.py", "");
  write_text(node.tree("2.15").original(), "");
  CHECK(versions(node) == Versions{"2.15", "3.0"});
}

TEST_CASE("a node without Ganeti has no version of it") {
  ProgramPaths paths;
  paths.ganeti_roots = {"/nonexistent"};
  CHECK(find_ganeti_trees(paths).empty());
}

TEST_CASE("the program that restarts daemons lies beside the trees") {
  CHECK(GanetiTree{"3.0", "/usr/share/ganeti/3.0", true}.daemon_util() == "/usr/lib/ganeti/daemon-util");
  CHECK(GanetiTree{"3.1", "/usr/local/share/ganeti/3.1", true}.daemon_util() == "/usr/local/lib/ganeti/daemon-util");
}
