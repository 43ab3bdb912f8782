// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/settings.hpp>

#include "base/file.hpp"
#include "test/unit/base/scratch.hpp"

using namespace ganeti::gluster;
using test::Scratch;

namespace {

// The message without the folder of the file; empty if there is no mistake.
std::string mistake_in(const std::string& content) {
  const Scratch dir;
  const auto file = dir.path("gluster.toml");
  replace_file(dir.dir(), "gluster.toml", content);
  try {
    static_cast<void>(Settings::load(file));
    return {};
  } catch (const SettingsError& error) {
    CHECK(error.code() == Errc::invalid_settings);
    CHECK_FALSE(error.text().cure.empty());
    return std::string(error.what()).substr(dir.path().size() + 1);
  }
}

bool begins(const std::string& text, const std::string& beginning) { return text.rfind(beginning, 0) == 0; }

}  // namespace

TEST_CASE("a mistake is told with its file, line and key") {
  struct Row {
    const char* content;
    const char* beginning;
  };
  const auto row = GENERATE(values<Row>({
      {"[all\n", "gluster.toml:1: cannot read settings: Error while parsing"},
      {"\nx = 1\n", "gluster.toml:2: cannot read settings: key \"x\" is not known; known are default_volume and"},
      {"[all]\ntransprot = \"tcp\"\n",
       "gluster.toml:2: cannot read settings: key \"all.transprot\" is not known; known"},
      {"[al]\n", "gluster.toml:1: cannot read settings: key \"al\" is not known"},
      {"[volume.gv0]\nsubdri = 1\n", "gluster.toml:2: cannot read settings: key \"volume.gv0.subdri\" is not known"},
      {"[volume]\nservers = [\"a\"]\n",
       "gluster.toml:2: cannot read settings: key \"volume.servers\" cannot be of type list of strings; write it like "
       "[volume.NAME]"},
      {"volume = 1\n", "gluster.toml:1: cannot read settings: key \"volume\" cannot be of type integer"},
      {"all = true\n", "gluster.toml:1: cannot read settings: key \"all\" cannot be of type boolean"},
      {"[[all]]\n", "gluster.toml:1: cannot read settings: key \"all\" cannot be of type list"},
      {"[all.servers]\nx = 1\n", "gluster.toml:1: cannot read settings: key \"all.servers\" cannot be of type table"},
      {"[all]\nservers = \"a\"\n",
       "gluster.toml:2: cannot read settings: key \"all.servers\" cannot be of type string; write it like [\"node2\""},
      {"[all]\nservers = [\"a\", 1]\n",
       "gluster.toml:2: cannot read settings: key \"all.servers\" cannot be of type list"},
      {"[all]\n\nprobe_timeout = 5\n",
       "gluster.toml:3: cannot read settings: key \"all.probe_timeout\" cannot be of type integer"},
      {"default_volume = 1\n",
       "gluster.toml:1: cannot read settings: key \"default_volume\" cannot be of type integer"},
      {"default_volume = \"gv0\"\n",
       "gluster.toml:1: cannot read settings: key \"default_volume\" has volume \"gv0\": there is no ':'"},
      {"[volume.\"g v\"]\n",
       "gluster.toml:1: cannot read settings: key \"volume.g v\" has volume name \"g v\": a volume's"},
      {"[volume.force]\n", "gluster.toml:1: cannot read settings: key \"volume.force\" has volume name \"force\": "},
      {"[all]\nservers = [\"a b\"]\n",
       "gluster.toml:2: cannot read settings: key \"all.servers\" has server \"a b\": "},
      {"[all]\nservers = [\"\"]\n", "gluster.toml:2: cannot read settings: key \"all.servers\" has server \"\": "},
      {"[all]\nsubdir = \"..\"\n", "gluster.toml:2: cannot read settings: key \"all.subdir\" has subdir \"..\": "},
      {"[all]\nlog_level = \"info\"\n",
       "gluster.toml:2: cannot read settings: key \"all.log_level\" has log level \"info\": GlusterFS has no such "
       "level; "
       "use one of CRITICAL, "},
      {"[all]\npreallocation = \"on\"\n",
       "gluster.toml:2: cannot read settings: key \"all.preallocation\" has preallocation \"on\": space is not taken "
       "in "
       "such a way; use one of off, falloc, full"},
      {"[all]\npreallocation = false\n",
       "gluster.toml:2: cannot read settings: key \"all.preallocation\" cannot be of type boolean; write it like "
       "\"off\""},
      {"[volume.gv0]\novercommit = \"WARN\"\n",
       "gluster.toml:2: cannot read settings: key \"volume.gv0.overcommit\" has overcommit \"WARN\": there is no such "
       "rule; use one of allow, warn, refuse"},
      {"[all]\ntransport = \"rdma\"\n",
       "gluster.toml:2: cannot read settings: key \"all.transport\" has transport \"rdma\": GlusterFS 8 and later"},
      {"[all]\ntransport = \"udp\"\n",
       "gluster.toml:2: cannot read settings: key \"all.transport\" has transport \"udp\": GlusterFS has no udp"},
      {"[all]\nmount_options = [\"ro\"]\n",
       "gluster.toml:2: cannot read settings: key \"all.mount_options\" has option \"ro\": it is not among"},
      {"[all]\nlock_timeout = \"1\"\n",
       "gluster.toml:2: cannot read settings: key \"all.lock_timeout\" has duration \"1\": "},
  }));
  CAPTURE(row.content);
  const auto message = mistake_in(row.content);
  CAPTURE(message);
  CHECK(begins(message, row.beginning));
}

TEST_CASE("of several mistakes the first in the file is told") {
  CHECK(begins(mistake_in("[volume.gv0]\nz = 1\n[all]\na = 1\n"), "gluster.toml:2:"));
}

TEST_CASE("a socket's path and the unix transport belong together") {
  const std::string path = "servers = [\"/var/run/glusterd.socket\"]\n";
  const std::string unix_transport = "transport = \"unix\"\n";
  CHECK(mistake_in("[all]\n" + path + unix_transport).empty());
  CHECK(mistake_in("[all]\n" + unix_transport + "[volume.gv0]\n" + path).empty());
  CHECK(begins(mistake_in("[all]\n" + path), "gluster.toml:2:"));
  CHECK(
      begins(mistake_in("[all]\n" + path + unix_transport + "[volume.gv0]\ntransport = \"tcp\"\n"), "gluster.toml:5:"));
  CHECK(begins(mistake_in("[volume.gv0]\n" + unix_transport + "servers = [\"/a\", \"/b\"]\n"), "gluster.toml:3:"));
  CHECK(begins(mistake_in("[volume.gv0]\n" + unix_transport + "servers = [\"node1\"]\n"), "gluster.toml:3:"));
}

TEST_CASE("a file that cannot be read is an error of the system") {
  const Scratch dir;
  try {
    static_cast<void>(Settings::load(dir.path()));
    FAIL("a folder was read");
  } catch (const SettingsError& error) {
    CHECK(error.code() == std::errc::is_a_directory);
    CHECK(error.text().subject == dir.path());
  }
}
