// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <set>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/file.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster {

TEST_CASE("a path becomes one file name that can be read", "[file]") {
  CHECK(escape_name("/run/ganeti/gluster") == "-run-ganeti-gluster");
  CHECK(escape_name("ganeti/0f6a_B.12") == "ganeti-0f6a_B.12");
}

TEST_CASE("a name is never hidden, a folder, or more than one component", "[file]") {
  CHECK(escape_name(".") == "%2E");
  CHECK(escape_name("..") == "%2E.");
  CHECK(escape_name(".lock") == "%2Elock");
  CHECK(escape_name("a b\n\xff%") == "a%20b%0A%FF%25");
}

TEST_CASE("different texts have different names", "[file]") {
  const std::set<std::string> texts{"a/b", "a-b", "a%2Db", "a%b", "/a", "-a", "a", "a.", ".a", "%2Ea"};
  std::set<std::string> names;
  for (const auto& text : texts) names.insert(escape_name(text));
  CHECK(names.size() == texts.size());
}

TEST_CASE("a file that is too large to be read whole is not read at all", "[file]") {
  const test::Scratch scratch;
  replace_file(scratch.dir(), "large", std::string(9U << 20U, 'x'));
  CHECK_FALSE(read_file(scratch.dir(), "large"));
  CHECK(errno == EFBIG);
}

TEST_CASE("a file is replaced as a whole and read back", "[file]") {
  const test::Scratch scratch;
  const std::string content("two\nlines\0and a zero", 20);
  replace_file(scratch.dir(), "f", "a longer text than the next one");
  replace_file(scratch.dir(), "f", content);
  CHECK(read_file(scratch.dir(), "f") == content);
}

TEST_CASE("replacing a symlink replaces the link and not its target", "[file]") {
  const test::Scratch scratch;
  replace_file(scratch.dir(), "target", "old");
  REQUIRE(symlink("target", scratch.path("link").c_str()) == 0);
  CHECK_FALSE(read_file(scratch.dir(), "link"));
  replace_file(scratch.dir(), "link", "new");
  CHECK(read_file(scratch.dir(), "target") == "old");
  CHECK(read_file(scratch.dir(), "link") == "new");
}

TEST_CASE("a file that cannot be replaced is an error that names it and leaves nothing", "[file]") {
  const test::Scratch scratch;
  REQUIRE(mkdir(scratch.path("folder").c_str(), 0755) == 0);
  CHECK_THROWS_WITH(replace_file(scratch.dir(), "folder", "x"), Catch::StartsWith("folder: cannot replace: "));
  CHECK_THROWS_WITH(replace_file(scratch.dir(), "absent/f", "x"), Catch::StartsWith("absent/f: cannot create: "));
  CHECK(std::distance(boost::filesystem::directory_iterator(scratch.path()), {}) == 1);
}

TEST_CASE("a file for all is readable for all, whatever the umask is", "[file]") {
  const test::Scratch scratch;
  const mode_t before = umask(077);
  replace_file(scratch.dir(), "f", "x", {.mode = 0644, .is_durable = true});
  umask(before);
  CHECK(boost::filesystem::status(scratch.path("f")).permissions() == boost::filesystem::perms(0644));
  CHECK(read_file(scratch.dir(), "f") == "x");
}

TEST_CASE("a folder of state that others may write is not used", "[file]") {
  const test::Scratch scratch;
  CHECK(open_own_folder(scratch.path("a/b"), 0755));
  CHECK(boost::filesystem::status(scratch.path("a/b")).permissions() == boost::filesystem::perms(0755));
  REQUIRE(chmod(scratch.path("a/b").c_str(), 0777) == 0);
  CHECK_THROWS_WITH(
      open_own_folder(scratch.path("a/b"), 0755),
      scratch.path("a/b") + ": cannot use the state directory: others than its user may write it; run this as root");
  REQUIRE(symlink("a", scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS(open_own_folder(scratch.path("link"), 0755), Error);
}

TEST_CASE("reading never waits for a writer of a named pipe", "[file]") {
  const test::Scratch scratch;
  REQUIRE(mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
  CHECK(read_file(scratch.dir(), "pipe").value_or("").empty());
}

TEST_CASE("reading what is absent says so in errno", "[file]") {
  const test::Scratch scratch;
  errno = 0;
  CHECK_FALSE(read_file(scratch.dir(), "absent"));
  CHECK(errno == ENOENT);
}

TEST_CASE("directories are made with those above them and left alone if they exist", "[file]") {
  const test::Scratch scratch;
  const mode_t before = umask(0);
  make_directories(scratch.path("a/b/c"), 0700);
  make_directories(scratch.path("a/b"), 0711);
  umask(before);
  using boost::filesystem::perms;
  CHECK(boost::filesystem::status(scratch.path("a")).permissions() == perms(0755));
  CHECK(boost::filesystem::status(scratch.path("a/b")).permissions() == perms(0755));
  CHECK(boost::filesystem::status(scratch.path("a/b/c")).permissions() == perms(0700));
}

TEST_CASE("a directory below a file cannot be made", "[file]") {
  const test::Scratch scratch;
  replace_file(scratch.dir(), "f", "");
  try {
    make_directories(scratch.path("f/x"), 0700);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == std::errc::not_a_directory);
  }
}

TEST_CASE("a link's target is read, and a file has none", "[file]") {
  const test::Scratch scratch;
  REQUIRE(symlink("/nowhere/at all", scratch.path("link").c_str()) == 0);
  replace_file(scratch.dir(), "f", "");
  CHECK(read_link(scratch.dir(), "link") == "/nowhere/at all");
  CHECK_FALSE(read_link(scratch.dir(), "f"));
}

}  // namespace ganeti::gluster
