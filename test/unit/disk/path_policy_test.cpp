// SPDX-License-Identifier: BSD-2-Clause
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/path_policy.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>

#include "base/file.hpp"
#include "test/unit/base/scratch.hpp"

namespace ganeti::gluster {
namespace {

using Strings = std::vector<std::string>;

// A list of allowed paths, and what the policy says about it.
class PathList {
 public:
  PathList() = default;
  explicit PathList(const std::string& content) { replace_file(scratch_.dir(), "list", content); }

  [[nodiscard]] std::string file() const { return scratch_.path("list"); }
  [[nodiscard]] const test::Scratch& scratch() const { return scratch_; }

  [[nodiscard]] std::optional<ErrorText> refusal(const std::string& path) const {
    return refusal_of([&](const PathPolicy& policy) { policy.check(path); });
  }
  [[nodiscard]] std::optional<ErrorText> folder_refusal(const std::string& path) const {
    return refusal_of([&](const PathPolicy& policy) { policy.check_folder(path); });
  }
  [[nodiscard]] bool allows(const std::string& path) const { return !refusal(path); }
  [[nodiscard]] bool allows_folder(const std::string& path) const { return !folder_refusal(path); }

  [[nodiscard]] std::string why_nothing() const {
    return "No paths are valid or path file '" + file() + "' was not accessible.";
  }

 private:
  template <typename Check>
  [[nodiscard]] std::optional<ErrorText> refusal_of(Check check) const {
    try {
      check(PathPolicy(file()));
    } catch (const PathPolicyError& error) {
      CHECK(error.code() == Errc::path_not_allowed);
      return error.text();
    }
    return std::nullopt;
  }

  test::Scratch scratch_;
};

// The library's messages, for as long as it lives.
class Messages {
 public:
  Messages() {
    set_log_sink([this](LogLevel level, std::string_view text) {
      (level == LogLevel::info ? infos : others).emplace_back(text);
    });
  }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  ~Messages() { set_log_sink({}); }

  Strings infos;
  Strings others;
};

}  // namespace

TEST_CASE("a path below an allowed one is allowed, and no other", "[path_policy]") {
  const PathList list("/var/run/ganeti/gluster\n/srv/disks/\n");
  CHECK(list.allows("/var/run/ganeti/gluster/ganeti/x.0"));
  CHECK(list.allows("/srv//disks/./a/../b"));
  CHECK_FALSE(list.allows("/var/run/ganeti/gluster-2/x"));
  CHECK_FALSE(list.allows("/var/run/ganeti/gluster/../x"));
  CHECK_FALSE(list.allows("/srv"));
  CHECK_FALSE(list.allows("/"));
}

TEST_CASE("an allowed path itself is allowed as a folder only", "[path_policy]") {
  const PathList list("/srv/disks/\n");
  CHECK_FALSE(list.allows("/srv/disks"));
  CHECK(list.allows_folder("/srv/disks"));
  CHECK(list.allows_folder("/srv/x/../disks/"));
  CHECK(list.allows_folder("/srv/disks/a"));
  CHECK_FALSE(list.allows_folder("/srv"));
}

TEST_CASE("an allowed root allows everything but itself and what is forbidden", "[path_policy]") {
  const PathList list("/\n");
  CHECK(list.allows("/srv"));
  CHECK_FALSE(list.allows("/"));
  CHECK(list.allows_folder("/"));
  CHECK_FALSE(list.allows("/etc"));
}

TEST_CASE("two leading slashes make another root, as in Ganeti", "[path_policy]") {
  CHECK(PathList("/\n").allows("//etc/x"));
  CHECK_FALSE(PathList("/srv\n").allows("//srv/x"));
  CHECK(PathList("//srv\n").allows("//srv/x"));
  CHECK_FALSE(PathList("//\n").allows("//srv"));
}

TEST_CASE("a refusal says why in Ganeti's words, and what to do", "[path_policy]") {
  const PathList list("/srv\n");
  const auto path = list.refusal("/opt/x");
  REQUIRE(path);
  CHECK(path->subject == "/opt/x");
  CHECK(path->failed == "cannot use it for file storage");
  CHECK(path->why == "Path '/opt/x' is not acceptable for file storage");
  CHECK(path->cure == "add a line with a folder above it to " + list.file() + " on this node");
  const auto folder = list.folder_refusal("/opt");
  REQUIRE(folder);
  CHECK(folder->why == "Path '/opt' is not acceptable for file storage");
  CHECK(folder->cure == "add a line with it or a folder above it to " + list.file() + " on this node");
}

TEST_CASE("a forbidden prefix is refused even where it is listed", "[path_policy]") {
  const PathList list("/etc\n/usr/lib\n/usr\n/x\n");
  for (const auto* path : {"/etc", "/etc/x", "/x/../etc/y", "/usr/lib/z", "/usr/lib32", "relative", "../x", ""}) {
    INFO(path);
    const auto refusal = list.folder_refusal(path);
    REQUIRE(refusal);
    CHECK(refusal->why == "Path '" + std::string(path) + "' uses a forbidden prefix");
    CHECK(PathPolicy::is_forbidden(path));
  }
  for (const auto* path : {"/usr/library", "/usr/share/x", "/x/etc"}) {
    INFO(path);
    CHECK(list.allows(path));
    CHECK_FALSE(PathPolicy::is_forbidden(path));
  }
}

TEST_CASE("comments and blanks around a line do not count", "[path_policy]") {
  const PathList list(" \t# /a\n\n  /b c \t\r\n/d#e\r\u00a0/f\u3000\u2028/g\v/h");
  CHECK_FALSE(list.allows("/a/x"));
  CHECK(list.allows("/b c/x"));
  CHECK(list.allows("/d#e/x"));
  CHECK(list.allows("/f/x"));
  CHECK(list.allows("/g/x"));
  CHECK(list.allows("/h/x"));
}

TEST_CASE("relative lines are passed over with a message", "[path_policy]") {
  const PathList list("srv\n./srv\n/srv\nlater\n");
  const Messages messages;
  CHECK(list.allows("/srv/x"));
  CHECK(messages.infos == Strings{"Ignoring relative path 'srv' for file storage",  //
                                  "Ignoring relative path './srv' for file storage"});
  CHECK(messages.others.empty());
}

TEST_CASE("a list without a path or that cannot be read allows nothing", "[path_policy]") {
  const PathList missing;
  const auto refusal = missing.refusal("/srv/x");
  REQUIRE(refusal);
  CHECK(refusal->why == missing.why_nothing());
  CHECK(refusal->cure == "add a line with a folder above it to " + missing.file() + " on this node");
  const PathList empty("# nothing\n \n");
  CHECK(empty.refusal("/srv/x")->why == empty.why_nothing());
  const PathList folder;
  REQUIRE(mkdir(folder.file().c_str(), 0700) == 0);
  CHECK(folder.refusal("/srv/x")->why == folder.why_nothing());
  const PathList dangling;
  REQUIRE(symlink("nowhere", dangling.file().c_str()) == 0);
  CHECK(dangling.refusal("/etc/x")->why == dangling.why_nothing());
}

TEST_CASE("a list that is not in UTF-8 allows nothing and is warned of", "[path_policy]") {
  const PathList list("# B\xfcro\n/srv\n");
  const Messages messages;
  CHECK(list.refusal("/srv/x")->why == list.why_nothing());
  CHECK(messages.others == Strings{list.file() + " is not in UTF-8: as in Ganeti, it allows nothing"});
}

TEST_CASE("the list may be a link", "[path_policy]") {
  const PathList list;
  replace_file(list.scratch().dir(), "real", "/srv\n");
  REQUIRE(symlink("real", list.scratch().path("link").c_str()) == 0);
  REQUIRE(symlink("link", list.file().c_str()) == 0);
  CHECK(list.allows("/srv/x"));
}

TEST_CASE("each check reads the list anew", "[path_policy]") {
  const PathList list("/srv\n");
  const PathPolicy policy(list.file());
  CHECK_NOTHROW(policy.check("/srv/x"));
  replace_file(list.scratch().dir(), "list", "/opt\n");
  CHECK_THROWS_AS(policy.check("/srv/x"), PathPolicyError);
}

}  // namespace ganeti::gluster
