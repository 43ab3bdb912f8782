// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <utility>

#include <fcntl.h>

#include <catch2/catch.hpp>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {
namespace {

int open_null() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }
bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed with its owner", "[unique_fd]") {
  int number = -1;
  {
    const UniqueFd fd(open_null());
    number = fd.get();
    CHECK(fd);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("an owner of nothing is false and closes nothing", "[unique_fd]") {
  UniqueFd fd;
  CHECK_FALSE(fd);
  CHECK(fd.get() == -1);
  fd.reset();
  CHECK_FALSE(fd);
}

TEST_CASE("a moved descriptor has one owner", "[unique_fd]") {
  UniqueFd first(open_null());
  const int number = first.get();
  UniqueFd second(std::move(first));
  CHECK(second.get() == number);
  CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): the state after a move is the test

  UniqueFd third(open_null());
  const int replaced = third.get();
  third = std::move(second);
  CHECK(third.get() == number);
  CHECK_FALSE(is_open(replaced));
  CHECK(is_open(number));
}

TEST_CASE("a descriptor moved to itself stays open", "[unique_fd]") {
  UniqueFd fd(open_null());
  auto& same = fd;
  fd = std::move(same);
  CHECK(is_open(fd.get()));
}

TEST_CASE("a released descriptor stays open and is the caller's", "[unique_fd]") {
  UniqueFd fd(open_null());
  const UniqueFd taken(fd.release());
  CHECK_FALSE(fd);
  CHECK(is_open(taken.get()));
}

TEST_CASE("closing leaves errno alone", "[unique_fd]") {
  UniqueFd bad(1 << 20);
  errno = ENOSPC;
  bad.reset();
  CHECK(errno == ENOSPC);
}

}  // namespace ganeti::gluster
