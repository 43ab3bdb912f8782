// SPDX-License-Identifier: BSD-2-Clause
#include "base/unix_listener.hpp"

#include <catch2/catch.hpp>

#include <fstream>

#include <sys/stat.h>

#include <ganeti-gluster/error.hpp>

#include "test/unit/base/code_of.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a socket is for its owner alone, and so is the folder that is made for it") {
  const test::Scratch scratch;
  const auto path = scratch.path("one/two/socket");
  const auto listener = listen_on(path);
  CHECK(listener);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(scratch.path("one/two")) == 0700);
}

TEST_CASE("a socket at which nobody listens any more is replaced, one in use is not") {
  const test::Scratch scratch;
  const auto path = scratch.path("socket");
  {
    const auto first = listen_on(path);
    CHECK(test::code_of([&] { static_cast<void>(listen_on(path)); }) == std::errc::address_in_use);
  }
  CHECK(listen_on(path));
}

TEST_CASE("what is no socket stays") {
  const test::Scratch scratch;
  const auto path = scratch.path("file");
  std::ofstream(path) << "precious";
  CHECK(test::code_of([&] { static_cast<void>(listen_on(path)); }) == std::errc::file_exists);
  CHECK(mode_of(path) != 0600);
}

TEST_CASE("a folder that other users may write is refused unless it is sticky") {
  const test::Scratch scratch;
  const auto path = scratch.path("socket");
  REQUIRE(chmod(scratch.path().c_str(), 0777) == 0);
  CHECK(test::code_of([&] { static_cast<void>(listen_on(path)); }) == std::errc::operation_not_permitted);
  REQUIRE(chmod(scratch.path().c_str(), 01777) == 0);
  CHECK(listen_on(path));
}

TEST_CASE("a path that no socket can have is refused") {
  CHECK(test::code_of([] { static_cast<void>(listen_on("relative/socket")); }) == std::errc::invalid_argument);
  CHECK(test::code_of([] { static_cast<void>(listen_on("/run/" + std::string(103, 'x'))); }) ==
        std::errc::filename_too_long);
}

}  // namespace ganeti::gluster
