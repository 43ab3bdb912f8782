// SPDX-License-Identifier: BSD-2-Clause
// Whole outputs, for programs that have a say in what is right: test/python/test_check_documents.py asks them.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "prometheus_output.hpp"
#include "test/unit/check/example_report.hpp"

namespace ganeti::gluster {
namespace {

std::string golden(const std::string& name, const std::string& text) {
  const auto path = std::string(TEST_DATA_DIR "/check/") + name;
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") std::ofstream(path) << text;
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("metrics about each finding are those that promtool has seen") {
  const auto text = tool::prometheus_output(test::worst_report());
  CHECK(golden("worst.prom", text) == text);
}

TEST_CASE("the document about a node is the one that was compared with the schema") {
  const auto text = to_json_text(test::ill_report());
  CHECK(golden("ill.json", text) == text);
}

TEST_CASE("a document of the first version can still be read") {
  std::ifstream file(TEST_DATA_DIR "/check/recorded-1.json");
  const auto report = parse_check_report({std::istreambuf_iterator<char>(file), {}});
  CHECK(report.severity() == Severity::critical);
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].instances.size() == 2);
  CHECK(report.findings[2].mute.has_value());
  CHECK(report.measured.servers_up == 1);
}

}  // namespace ganeti::gluster
