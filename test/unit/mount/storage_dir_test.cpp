// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/error.hpp>

#include "mount/storage_dir.hpp"

namespace fs = boost::filesystem;
namespace gg = ganeti::gluster;

namespace {

class Scratch {
 public:
  Scratch() : path_(fs::canonical(fs::temp_directory_path()) / fs::unique_path("gg-%%%%%%%%")) {
    fs::create_directory(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("the storage dir is spelled as os.path.normpath does") {
  CHECK(gg::StorageDir("/var/run/ganeti/gluster").spelled() == "/var/run/ganeti/gluster");
  CHECK(gg::StorageDir("/var/run/ganeti/gluster///").spelled() == "/var/run/ganeti/gluster");
  CHECK(gg::StorageDir("/var//run/./x/../ganeti/gluster/.").spelled() == "/var/run/ganeti/gluster");
}

TEST_CASE("a storage dir is an absolute path below the root") {
  for (const auto* path : {"", "gluster", "./gluster", "/", "//", "/..", "/x/.."}) {
    INFO(path);
    CHECK_THROWS_AS(gg::StorageDir(path), gg::MountError);
  }
}

TEST_CASE("the parent of the storage dir is resolved and its last component is not") {
  const Scratch scratch;
  fs::create_directories(scratch / "run/ganeti");
  fs::create_directory_symlink(scratch / "run", scratch / "var-run");
  const gg::StorageDir dir(scratch / "var-run/ganeti/gluster");
  CHECK(dir.real() == scratch / "run/ganeti/gluster");
  CHECK_FALSE(dir.look());
  CHECK_FALSE(gg::StorageDir(scratch / "missing/ganeti/gluster").real());
}

TEST_CASE("a bare directory is no mount point and tells what lies in it") {
  const Scratch scratch;
  fs::create_directory(scratch / "gluster");
  fs::create_directory(scratch / "gluster/ganeti");
  const auto view = gg::StorageDir(scratch / "gluster").look();
  REQUIRE(view);
  CHECK_FALSE(view->is_mount_point);
  CHECK(gg::StorageDir::entries(*view) == std::vector<std::string>{"ganeti"});
}

TEST_CASE("a symbolic link or a file in place of the storage dir is refused") {
  const Scratch scratch;
  fs::create_directory(scratch / "real");
  fs::create_directory_symlink(scratch / "real", scratch / "link");
  CHECK_THROWS_WITH(gg::StorageDir(scratch / "link").look(), Catch::Contains("symbolic link"));
  REQUIRE(mknod((scratch / "file").c_str(), S_IFREG | 0600, 0) == 0);
  CHECK_THROWS_WITH(gg::StorageDir(scratch / "file").look(), Catch::Contains("it is no directory"));
}

TEST_CASE("the root of a mount is recognised") {
  const auto view = gg::StorageDir("/proc").look();
  REQUIRE(view);
  CHECK(view->is_mount_point);
}

TEST_CASE("a parent that others may write is refused, unless it is sticky") {
  const Scratch scratch;
  fs::create_directory(scratch / "open");
  REQUIRE(chmod((scratch / "open").c_str(), 0777) == 0);
  const gg::StorageDir dir(scratch / "open/ganeti/gluster");
  try {
    dir.create();
    FAIL("was created");
  } catch (const gg::MountError& error) {
    CHECK(error.code() == gg::Errc::unsafe_storage_dir);
  }
  CHECK_FALSE(fs::exists(scratch / "open/ganeti/gluster"));
}
