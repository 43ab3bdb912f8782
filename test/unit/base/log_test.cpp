// SPDX-License-Identifier: BSD-2-Clause
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "base/log.hpp"

namespace ganeti::gluster {
namespace {

struct SinkRestored {
  SinkRestored() = default;
  SinkRestored(const SinkRestored&) = delete;
  SinkRestored& operator=(const SinkRestored&) = delete;
  ~SinkRestored() { set_log_sink({}); }
};

}  // namespace

TEST_CASE("a sink gets every message with its level", "[log]") {
  const SinkRestored restored;
  std::vector<std::pair<LogLevel, std::string>> messages;
  set_log_sink([&](LogLevel level, std::string_view message) { messages.emplace_back(level, message); });
  log(LogLevel::debug, "{} of {}", 1, 2);
  log(LogLevel::error, "plain {{}}");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == std::pair(LogLevel::debug, std::string("1 of 2")));
  CHECK(messages[1] == std::pair(LogLevel::error, std::string("plain {}")));
}

TEST_CASE("what a sink throws is dropped", "[log]") {
  const SinkRestored restored;
  set_log_sink([](LogLevel, std::string_view) { throw std::runtime_error("full"); });
  CHECK_NOTHROW(log(LogLevel::warning, "message"));
}

}  // namespace ganeti::gluster
