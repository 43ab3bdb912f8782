// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <ios>
#include <set>
#include <string>
#include <system_error>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {

constexpr int last_code = static_cast<int>(Errc::connect_failed);

TEST_CASE("an error's line is subject, failure, cause and cure", "[error]") {
  const Error error(Errc::mount_hung, {"/mnt", "cannot create the image", "no answer in 10 s", "run the check"});
  CHECK(std::string(error.what()) == "/mnt: cannot create the image: no answer in 10 s; run the check");
}

TEST_CASE("an error without a cause says what its code means", "[error]") {
  CHECK(std::string(Error(errno_code(ENOSPC), {"gv0", "cannot write", {}, {}}).what()) ==
        "gv0: cannot write: No space left on device");
  CHECK(std::string(Error(Errc::mount_dead, {"/mnt", "cannot read", {}, {}}).what()) ==
        "/mnt: cannot read: mount is dead");
}

TEST_CASE("control characters in an error's parts do not break its line", "[error]") {
  const Error error(errno_code(ENOENT), {"a\nb", "cannot\topen", "x\x1b[31my\x7f", "\r"});
  CHECK(std::string(error.what()) == "a b: cannot open: x [31my ;  ");
}

TEST_CASE("a byte above 127 in an error's parts is kept", "[error]") {
  const Error error(errno_code(ENOENT), {"gr\xc3\xbc\xc3\x9f", "cannot open", "gone", {}});
  CHECK(std::string(error.what()) == "gr\xc3\xbc\xc3\x9f: cannot open: gone");
}

TEST_CASE("an error keeps its parts and its code when it is copied", "[error]") {
  const Error error(Errc::wrong_volume, {"subject", "failed", "why", "cure"});
  const Error copy = error;  // NOLINT(performance-unnecessary-copy-initialization): the copy is the test
  CHECK(copy.code() == Errc::wrong_volume);
  CHECK(copy.text().cure == "cure");
  CHECK(std::string(copy.what()) == error.what());
}

TEST_CASE("a leaf is caught as Error and as std::system_error", "[error]") {
  const ErrorText text{"subject", "failed", {}, {}};
  CHECK_THROWS_AS(throw MountError(Errc::mount_dead, text), Error);
  CHECK_THROWS_AS(throw ImageError(errno_code(EEXIST), text), std::system_error);
  CHECK_THROWS_AS(throw VolumeError(Errc::invalid_volume, text), Error);
  CHECK_THROWS_AS(throw SettingsError(Errc::invalid_settings, text), Error);
}

TEST_CASE("a code of ours equals the errno that means the same to a caller", "[error]") {
  CHECK(std::error_code(Errc::wrong_volume) == std::errc::device_or_resource_busy);
  CHECK(std::error_code(Errc::mount_dead) == std::errc::not_connected);
  CHECK(std::error_code(Errc::mount_hung) == std::errc::timed_out);
  CHECK(std::error_code(Errc::invalid_disk) == std::errc::invalid_argument);
  CHECK(std::error_code(Errc::mount_dead) != std::errc::timed_out);
}

TEST_CASE("a code of ours without such an errno equals none", "[error]") {
  const std::error_code unfinished = Errc::unfinished_image;
  CHECK(unfinished.default_error_condition().category() == gluster_category());
  CHECK(unfinished != std::errc::no_such_file_or_directory);
  CHECK(unfinished != std::errc::file_exists);
}

TEST_CASE("two codes that share an errno still differ", "[error]") {
  CHECK(std::error_code(Errc::cannot_tell) != std::error_code(Errc::unreachable));
}

TEST_CASE("an errno equals its std::errc", "[error]") {
  CHECK(errno_code(EEXIST) == std::errc::file_exists);
  CHECK(errno_code(EEXIST).category() == std::generic_category());
}

TEST_CASE("every code of ours has a message and a name of its own", "[error]") {
  std::set<std::string> names;
  for (int value = 1; value <= last_code; ++value) {
    const std::error_code code(value, gluster_category());
    CAPTURE(value);
    CHECK(code.message() != "unknown error");
    CHECK(code_name(code).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos);
    names.insert(code_name(code));
  }
  CHECK(names.size() == last_code);
  CHECK(std::error_code(last_code + 1, gluster_category()).message() == "unknown error");
}

TEST_CASE("a code's name is that of the errno or our own", "[error]") {
  CHECK(code_name(errno_code(ENOSPC)) == "ENOSPC");
  CHECK(code_name(Errc::wrong_volume) == "WRONG_VOLUME");
}

TEST_CASE("a code that nobody named is written as category and number", "[error]") {
  CHECK(code_name({last_code + 1, gluster_category()}) == "ganeti-gluster:" + std::to_string(last_code + 1));
  CHECK(code_name({7, std::iostream_category()}) == "iostream:7");
  CHECK(code_name(errno_code(99999)) == "generic:99999");
}

}  // namespace ganeti::gluster
