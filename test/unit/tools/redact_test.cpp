// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include "redact.hpp"

using ganeti::gluster::tool::redact;

TEST_CASE("user data of a URI is left out, the rest of it is not") {
  CHECK(redact("gluster://node1:24007/gv0/disk") == "gluster://node1:24007/gv0/disk");
  CHECK(redact("see nbd://me:pw@host/x and ssh://root@node2/y") == "see nbd://***@host/x and ssh://***@node2/y");
  CHECK(redact("a@example.com, node1:/gv0") == "a@example.com, node1:/gv0");
}

TEST_CASE("what follows a secret's name is left out") {
  CHECK(redact("  5:     option password 0f3b-22") == "  5:     option password ***");
  CHECK(redact("  4:     option username 0f3b-22") == "  4:     option username ***");
  CHECK(redact("PASSWORD=hunter2, user=me") == "PASSWORD=***, user=me");
  CHECK(redact(R"({"secret": "abc", "x": 1})") == R"({"secret": "***", "x": 1})");
  CHECK(redact("Authorization: Bearer abc.def") == "Authorization: Bearer ***");
  CHECK(redact("api_key: abc") == "api_key: ***");
  CHECK(redact("-----BEGIN PRIVATE KEY----- MIIE") == "***");
}

TEST_CASE("a text that names no secret is told as it is") {
  const std::string line = "[2026-11-21 04:31:17] E [a.c:1:f] 0-gv0: Authentication failed on node1 (key:/gv0)";
  CHECK(redact(line) == line);
}

TEST_CASE("a text of any length is told up to a limit") {
  CHECK(redact(std::string(5000, 'a')) == std::string(4096, 'a') + "...");
  CHECK(redact("x://" + std::string(100000, 'a') + "@h").size() < 5000);
  CHECK(redact("password=" + std::string(100000, 'a')) == "password=***...");
}
