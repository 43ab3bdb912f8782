// SPDX-License-Identifier: BSD-2-Clause
#include <set>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "mount/volume_graph.hpp"

namespace gg = ganeti::gluster;

namespace {

using Names = std::vector<std::string>;

std::string client(int number) { return fmt::format("volume c{}\n  type protocol/client\nend-volume\n\n", number); }

std::string translator(const std::string& name, const std::string& type, const std::string& children,
                       const std::string& option = "") {
  return fmt::format("volume {}\n  type cluster/{}\n{}  subvolumes {}\nend-volume\n\n", name, type, option, children);
}

Names silent(const std::string& volfile, const std::set<std::string>& down) {
  return gg::silent_parts(volfile, [&](const std::string& name) { return down.count(name) == 0; });
}

}  // namespace

TEST_CASE("a volume of one part is silent by itself") {
  const auto volfile = client(0) + client(1) + client(2) + translator("r0", "replicate", "c0 c1 c2") +
                       translator("dht", "distribute", "r0");
  CHECK(silent(volfile, {"c0", "c1", "c2"}).empty());
}

TEST_CASE("a brick that is down hides the files of a distributed volume") {
  const auto volfile = client(0) + client(1) + translator("dht", "distribute", "c0 c1");
  CHECK(silent(volfile, {}).empty());
  CHECK(silent(volfile, {"c1"}) == Names{"c1"});
}

TEST_CASE("a replicated part answers as long as half of its bricks are up") {
  const auto volfile = client(0) + client(1) + client(2) + client(3) + translator("r0", "replicate", "c0 c1 c2") +
                       translator("dht", "distribute", "r0 c3");
  CHECK(silent(volfile, {"c0"}).empty());
  CHECK(silent(volfile, {"c0", "c2"}) == Names{"r0"});
}

TEST_CASE("a dispersed part answers as long as no more bricks are down than it can lose") {
  const auto volfile = client(0) + client(1) + client(2) + client(3) +
                       translator("d0", "disperse", "c0 c1 c2", "  option redundancy 1\n") +
                       translator("dht", "distribute", "d0 c3");
  CHECK(silent(volfile, {"c0"}).empty());
  CHECK(silent(volfile, {"c0", "c1"}) == Names{"d0"});
}

TEST_CASE("what makes no sense in a volume file does no harm") {
  CHECK(silent("", {}).empty());
  CHECK(silent("subvolumes\nvolume\ntype cluster/distribute\nsubvolumes x y\n", {}) == Names{"x", "y"});
}
