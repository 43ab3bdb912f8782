// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/channel.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "gfapi/protocol.hpp"
#include "test/unit/base/code_of.hpp"

using namespace ganeti::gluster;
using namespace std::chrono_literals;
using test::code_of;

namespace {

// Both ends; one of them may be used byte by byte.
struct Pair {
  Pair() {
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    here.emplace(UniqueFd(ends[0]));
    there.emplace(UniqueFd(ends[1]));
  }

  std::array<int, 2> ends{};  // owned by the channels
  std::optional<Channel> here;
  std::optional<Channel> there;
};

// What one end sends for this message.
std::vector<char> bytes_of(const Request& request, const std::string& payload) {
  Pair pair;
  REQUIRE(pair.here->send(request, payload, Deadline::in(5s)) == Received::message);
  std::vector<char> bytes(4096);
  const auto got = recv(pair.ends[1], bytes.data(), bytes.size(), 0);
  REQUIRE(got > 0);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

void put(const Pair& pair, const char* bytes, std::size_t count) {
  REQUIRE(send(pair.ends[0], bytes, count, 0) == static_cast<ssize_t>(count));
}

const Request request{.operation = Operation::write, .mode = 1, .file = 2, .offset = 3, .length = 4};

}  // namespace

TEST_CASE("a message arrives as it was sent, however small its pieces are") {
  Pair pair;
  const auto bytes = bytes_of(request, "payload");
  std::thread writer([&] {
    for (const char& byte : bytes) {
      static_cast<void>(send(pair.ends[0], &byte, 1, 0));
      std::this_thread::yield();
    }
  });
  Request got;
  std::string payload;
  const auto received = pair.there->receive(got, payload, Deadline::in(20s));
  writer.join();
  REQUIRE(received == Received::message);
  CHECK(got.operation == Operation::write);
  CHECK(got.length == 4);
  CHECK(payload == "payload");
}

TEST_CASE("messages that arrive at once are told apart, and an empty payload leaves nothing of the last one") {
  Pair pair;
  REQUIRE(pair.here->send(request, std::string("first"), Deadline::in(5s)) == Received::message);
  REQUIRE(pair.here->send(Request{.operation = Operation::sync}, {}, Deadline::in(5s)) == Received::message);
  Request got;
  std::string payload;
  REQUIRE(pair.there->receive(got, payload, Deadline::in(5s)) == Received::message);
  CHECK(payload == "first");
  REQUIRE(pair.there->receive(got, payload, Deadline::in(5s)) == Received::message);
  CHECK(got.operation == Operation::sync);
  CHECK(payload.empty());
}

TEST_CASE("a payload larger than any buffer arrives whole") {
  Pair pair;
  std::string sent(8U << 20U, 'x');
  sent.back() = 'y';
  Received outcome = Received::end;
  std::thread writer([&] { outcome = pair.here->send(request, sent, Deadline::in(20s)); });
  Request got;
  std::string payload;
  const auto received = pair.there->receive(got, payload, Deadline::in(20s));
  writer.join();
  REQUIRE(received == Received::message);
  CHECK(outcome == Received::message);
  CHECK(payload == sent);
}

TEST_CASE("an end that closes is no error, before a message or in the middle of one") {
  const auto bytes = bytes_of(request, "payload");
  for (const std::size_t count : {std::size_t{0}, std::size_t{5}, std::size_t{20}, bytes.size() - 1}) {
    Pair pair;
    put(pair, bytes.data(), count);
    pair.here.reset();
    Request got;
    std::string payload;
    CHECK(pair.there->receive(got, payload, Deadline::in(5s)) == Received::end);
    CHECK(pair.there->send(request, {}, Deadline::in(5s)) == Received::end);
  }
}

TEST_CASE("who gets nothing, or only a part, has waited no longer than told") {
  const auto bytes = bytes_of(request, "payload");
  for (const std::size_t count : {std::size_t{0}, std::size_t{5}, std::size_t{20}, bytes.size() - 1}) {
    Pair pair;
    put(pair, bytes.data(), count);
    Request got;
    std::string payload;
    CHECK(pair.there->receive(got, payload, Deadline::in(10ms)) == Received::timeout);
  }
}

TEST_CASE("who sends to an end that reads nothing has waited no longer than told") {
  Pair pair;
  const std::string much(8U << 20U, 'x');
  CHECK(pair.here->send(request, much, Deadline::in(10ms)) == Received::timeout);
}

TEST_CASE("another version, another head and a payload that nobody asked for are refused") {
  const auto good = bytes_of(request, "payload");
  for (const std::size_t place : {std::size_t{0}, std::size_t{4}, std::size_t{13}}) {
    auto bytes = good;
    bytes[place] = static_cast<char>(bytes[place] + 64);
    Pair pair;
    put(pair, bytes.data(), bytes.size());
    Request got;
    std::string payload;
    CHECK(code_of([&] { static_cast<void>(pair.there->receive(got, payload, Deadline::in(5s))); }) ==
          std::error_code(EPROTO, std::generic_category()));
  }
}
