// SPDX-License-Identifier: BSD-2-Clause
#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/error.hpp>

#include "mount/storage_dir.hpp"
#include "test/unit/base/scratch.hpp"

namespace fs = boost::filesystem;
namespace gg = ganeti::gluster;

using ganeti::gluster::test::Scratch;

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
  fs::create_directories(scratch.path("run/ganeti"));
  fs::create_directory_symlink(scratch.path("run"), scratch.path("var-run"));
  const gg::StorageDir dir(scratch.path("var-run/ganeti/gluster"));
  CHECK(dir.real() == scratch.path("run/ganeti/gluster"));
  CHECK_FALSE(dir.look());
  CHECK_FALSE(gg::StorageDir(scratch.path("missing/ganeti/gluster")).real());
}

TEST_CASE("a bare directory is no mount point and tells what lies in it") {
  const Scratch scratch;
  fs::create_directory(scratch.path("gluster"));
  fs::create_directory(scratch.path("gluster/ganeti"));
  const auto view = gg::StorageDir(scratch.path("gluster")).look();
  REQUIRE(view);
  CHECK_FALSE(view->is_mount_point);
  CHECK(gg::StorageDir::entries(view->root.get()) == std::vector<std::string>{"ganeti"});
}

TEST_CASE("a symbolic link or a file in place of the storage dir is refused") {
  const Scratch scratch;
  fs::create_directory(scratch.path("real"));
  fs::create_directory_symlink(scratch.path("real"), scratch.path("link"));
  CHECK_THROWS_WITH(gg::StorageDir(scratch.path("link")).look(), Catch::Contains("symbolic link"));
  REQUIRE(mknod((scratch.path("file")).c_str(), S_IFREG | 0600, 0) == 0);
  CHECK_THROWS_WITH(gg::StorageDir(scratch.path("file")).look(), Catch::Contains("it is no directory"));
}

TEST_CASE("the root of a mount is recognised") {
  const auto view = gg::StorageDir("/proc").look();
  REQUIRE(view);
  CHECK(view->is_mount_point);
}

TEST_CASE("a parent that others may write is refused, unless it is sticky") {
  const Scratch scratch;
  fs::create_directory(scratch.path("open"));
  REQUIRE(chmod((scratch.path("open")).c_str(), 0777) == 0);
  const gg::StorageDir dir(scratch.path("open/ganeti/gluster"));
  try {
    dir.create();
    FAIL("was created");
  } catch (const gg::MountError& error) {
    CHECK(error.code() == gg::Errc::unsafe_storage_dir);
  }
  CHECK_FALSE(fs::exists(scratch.path("open/ganeti/gluster")));
}
