// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/storage/report.hpp>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/file.hpp"
#include "mount/used_volumes.hpp"
#include "test/unit/base/scratch.hpp"

namespace gg = ganeti::gluster;

namespace {

/// A node with nothing mounted on its storage dir, which may not exist yet.
class Node {
 public:
  void configure(const std::string& volume) const {
    gg::replace_file(AT_FDCWD, paths().settings_file, "default_volume = \"" + volume + "\"\n");
  }
  void use(const std::string& volume) const {
    const auto never = [](const gg::GlusterVolume&) { return false; };
    gg::remember_used_volume(paths().persistent_dir, storage_dir(), gg::GlusterVolume::parse(volume), never);
  }
  [[nodiscard]] std::string volume() const {
    const gg::Mounter mounter(storage_dir(), gg::Settings::load(paths().settings_file), paths());
    return gg::report_volume(mounter).to_string();
  }
  [[nodiscard]] gg::ErrorText refusal() const {
    try {
      static_cast<void>(volume());
    } catch (const gg::SettingsError& error) {
      CHECK(error.code() == gg::Errc::invalid_settings);
      return error.text();
    }
    return {};
  }

  [[nodiscard]] std::string storage_dir() const { return scratch_.path("run/gluster"); }
  [[nodiscard]] gg::NodePaths paths() const {
    gg::NodePaths paths;
    paths.settings_file = scratch_.path("gluster.toml");
    paths.state_dir = scratch_.path("state");
    paths.persistent_dir = scratch_.path("kept");
    return paths;
  }

 private:
  gg::test::Scratch scratch_;
};

}  // namespace

TEST_CASE("the only volume that a node has used is the one to report", "[report]") {
  const Node node;
  node.use("node1:/gv0");
  CHECK(node.volume() == "node1:/gv0");
}

TEST_CASE("the configured volume is reported whatever was used", "[report]") {
  const Node node;
  node.configure("node1:/gv0");
  CHECK(node.volume() == "node1:/gv0");
  node.use("node1:/gv1");
  CHECK(node.volume() == "node1:/gv0");
  node.use("node1:/gv2");
  CHECK(node.volume() == "node1:/gv0");
}

TEST_CASE("without any volume a report says what to set", "[report]") {
  const Node node;
  const auto file = node.paths().settings_file;
  const auto text = node.refusal();
  CHECK(text.subject == node.storage_dir());
  CHECK(text.failed == "cannot tell which volume is meant");
  CHECK(text.why ==
        "no mount of ours is there, this node has used none there yet, and " + file + " names no default_volume");
  CHECK(text.cure == "set default_volume = \"HOST:/VOLUME\" in " + file);
}

TEST_CASE("with two used volumes a report names both and says what to set", "[report]") {
  const Node node;
  node.use("node1:/gv0");
  node.use("node2:/gv1");
  const auto text = node.refusal();
  CHECK_THAT(text.why, Catch::Contains("this node has used node2:/gv1 and node1:/gv0 there"));
  CHECK_THAT(text.cure, Catch::Contains("default_volume"));
}
