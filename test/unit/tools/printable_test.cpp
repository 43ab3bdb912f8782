// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "printable.hpp"

using ganeti::gluster::tool::printable;

TEST_CASE("plain text is printed as it is") {
  CHECK(printable("web1.example.com: a\\b ~") == "web1.example.com: a\\b ~");
}

TEST_CASE("nothing that a terminal would obey is printed") {
  CHECK(printable("\x1b[2Jx\x07") == "?[2Jx?");
  CHECK(printable("a\r\nb\tc\x7f") == "a??b?c?");
  CHECK(printable("\xc2\x9b"
                  "31m\x9b") == "??31m?");  // the one-byte form of ESC [, as UTF-8 and as it is
  CHECK(printable(std::string_view("a\0b", 3)) == "a?b");
}
