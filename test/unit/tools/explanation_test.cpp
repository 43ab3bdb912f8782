// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include "explanation.hpp"

using namespace ganeti::gluster;
using namespace ganeti::gluster::tool;

TEST_CASE("a finding is explained in paragraphs behind tabs") {
  CHECK(explanation({"DISK_LOST", Severity::critical, "a disk is lost", "Its instance stops.", "Somebody took it.",
                     "ENODESETUP"}) ==
        "DISK_LOST\n"
        "\tA critical finding: a disk is lost.\n\n"
        "\tIts instance stops.\n\n"
        "\tSomebody took it.\n\n"
        "\tgnt-cluster verify: ENODESETUP\n");
}

// The manual page is made of them: scdoc(5) makes bold and underlined text of these characters.
TEST_CASE("each kind of finding has an explanation that is plain text for scdoc") {
  for (const auto& kind : finding_kinds()) {
    INFO(kind.code);
    for (const std::string text : {kind.summary, kind.consequence, kind.explanation}) {
      CHECK(text.size() > 3);
      CHECK(text.find_first_of("*\\\n\t") == std::string::npos);
      CHECK((" " + text).find(" _") == std::string::npos);
    }
    CHECK(std::string(kind.ganeti_code).starts_with("E"));
    CHECK(std::string(kind.summary).back() != '.');
    CHECK(std::string(kind.consequence).back() == '.');
    CHECK(std::string(kind.explanation).back() == '.');
  }
}
