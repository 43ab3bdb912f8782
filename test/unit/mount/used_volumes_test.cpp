// SPDX-License-Identifier: BSD-2-Clause
#include "mount/used_volumes.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "base/log.hpp"
#include "test/unit/base/scratch.hpp"

namespace gg = ganeti::gluster;

namespace {

constexpr const char* storage_dir = "/var/run/ganeti/gluster";
const auto gv0 = gg::GlusterVolume::parse("node1:/gv0");
const auto gv1 = gg::GlusterVolume::parse("node1,node2:24008:/gv1/sub");

bool never(const gg::GlusterVolume& /*known*/) { return false; }

/// Where records lie, one level below what exists.
class Records {
 public:
  void remember(const gg::GlusterVolume& volume, const std::function<bool(const gg::GlusterVolume&)>& is_same = never,
                const std::string& dir = storage_dir) const {
    gg::remember_used_volume(scratch_.path("records"), dir, volume, is_same);
  }
  [[nodiscard]] std::vector<gg::GlusterVolume> read(const std::string& dir = storage_dir) const {
    return gg::read_used_volumes(scratch_.path("records"), dir);
  }
  [[nodiscard]] std::string file() const { return scratch_.path("records/used--var-run-ganeti-gluster"); }

  [[nodiscard]] struct stat status() const {
    struct stat status {};
    REQUIRE(stat(file().c_str(), &status) == 0);
    return status;
  }

 private:
  gg::test::Scratch scratch_;
};

using Volumes = std::vector<gg::GlusterVolume>;

}  // namespace

TEST_CASE("no volume was used where none is remembered", "[used_volumes]") { CHECK(Records().read().empty()); }

TEST_CASE("the volume used last comes first, with servers, port and folder", "[used_volumes]") {
  const Records records;
  records.remember(gv0);
  records.remember(gv1);
  CHECK(records.read() == Volumes{gv1, gv0});
  records.remember(gv0);
  CHECK(records.read() == Volumes{gv0, gv1});
}

TEST_CASE("volumes are remembered for each storage dir, for its user alone", "[used_volumes]") {
  const Records records;
  records.remember(gv0);
  records.remember(gv1, never, "/srv/gluster");
  CHECK(records.read() == Volumes{gv0});
  CHECK(records.read("/srv/gluster") == Volumes{gv1});
  CHECK((records.status().st_mode & 07777U) == 0600);
}

TEST_CASE("new parameters of a volume take the place of its old ones", "[used_volumes]") {
  const Records records;
  const auto moved = gg::GlusterVolume::parse("node9:/gv0");
  records.remember(gv0);
  records.remember(gv1);
  records.remember(moved, [](const gg::GlusterVolume& known) { return known.name() == "gv0"; });
  CHECK(records.read() == Volumes{moved, gv1});
}

TEST_CASE("what is remembered already is not written again", "[used_volumes]") {
  const Records records;
  records.remember(gv0);
  const auto before = records.status();
  records.remember(gv0);
  CHECK(records.status().st_ino == before.st_ino);
  records.remember(gv1);
  CHECK(records.status().st_ino != before.st_ino);
}

TEST_CASE("what is no volume in the record is passed over", "[used_volumes]") {
  const Records records;
  records.remember(gv0);
  gg::replace_file(AT_FDCWD, records.file(), "\nnode1:/gv1; rm -rf /\nnode1:/-o\nnode3:/gv3\ncut of");
  CHECK(records.read() == Volumes{gg::GlusterVolume::parse("node3:/gv3")});
  records.remember(gv0);
  CHECK(gg::read_file(AT_FDCWD, records.file()) == "node1:/gv0\nnode3:/gv3\n");
}

TEST_CASE("a record that cannot be written is a warning", "[used_volumes]") {
  std::string warning;
  gg::set_log_sink([&](gg::LogLevel, std::string_view message) { warning = message; });
  CHECK_NOTHROW(gg::remember_used_volume("/dev/null/records", storage_dir, gv0, never));
  gg::set_log_sink({});
  CHECK(warning ==
        "cannot remember that node1:/gv0 was used: /dev/null/records: cannot create the directory: Not a "
        "directory");
}
