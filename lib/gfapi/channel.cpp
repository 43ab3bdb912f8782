// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/channel.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "gfapi/protocol.hpp"

namespace ganeti::gluster {
namespace {

struct Frame {
  std::uint32_t version;
  std::uint32_t head_bytes;
  std::uint64_t payload_bytes;
};

// More than the names of a folder with a million disks.
constexpr std::uint64_t largest_payload = 256U << 20U;

[[noreturn]] void fail(int number, const char* why) {
  throw Error(errno_code(number), {"libgfapi worker", "cannot talk to it", why,
                                   "restart what uses the library, if that was replaced meanwhile"});
}

bool is_end(int number) { return number == EPIPE || number == ECONNRESET; }
bool must_wait(int number) { return number == EAGAIN || number == EINTR; }

}  // namespace

bool Channel::is_closed() const noexcept {
  pollfd watched{socket_.get(), POLLRDHUP, 0};
  return poll(&watched, 1, 0) != 0;
}

bool Channel::await(short events, const Deadline& deadline) const {
  pollfd watched{socket_.get(), events, 0};
  while (true) {
    const auto left = deadline.left();
    const int n = poll(&watched, 1, static_cast<int>(left.count()));
    if (n > 0) return true;
    if (n == 0 && left.count() == 0) return false;
    if (n < 0 && errno != EINTR) fail(errno, "");
  }
}

Received Channel::send_bytes(std::span<const char> head, std::span<const char> payload, const Deadline& deadline) {
  const Frame frame{protocol_version, static_cast<std::uint32_t>(head.size()), payload.size()};
  std::array<std::span<const char>, 3> parts{{{reinterpret_cast<const char*>(&frame), sizeof(frame)}, head, payload}};
  while (true) {
    std::array<iovec, 3> rest{};
    std::size_t left = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      rest[i] = {const_cast<char*>(parts[i].data()), parts[i].size()};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      left += parts[i].size();
    }
    if (left == 0) return Received::message;
    msghdr message{};
    message.msg_iov = rest.data();
    message.msg_iovlen = rest.size();
    auto sent = sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (is_end(errno)) return Received::end;
      if (!must_wait(errno)) fail(errno, "");
      if (!await(POLLOUT, deadline)) return Received::timeout;
      continue;
    }
    for (auto& part : parts) {
      const auto step = std::min(part.size(), static_cast<std::size_t>(sent));
      part = part.subspan(step);
      sent -= static_cast<ssize_t>(step);
    }
  }
}

Received Channel::fill(std::span<char> bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    const auto got = recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && is_end(errno))) return Received::end;
    if (got < 0 && !must_wait(errno)) fail(errno, "");
    if (got < 0 && !await(POLLIN, deadline)) return Received::timeout;
    if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
  return Received::message;
}

Received Channel::receive_bytes(std::span<char> head, std::string& payload, const Deadline& deadline) {
  Frame frame{};
  if (const auto got = fill({reinterpret_cast<char*>(&frame), sizeof(frame)}, deadline); got != Received::message) {
    return got;
  }
  if (frame.version != protocol_version || frame.head_bytes != head.size()) {
    fail(EPROTO, "the program for libgfapi is of another version than the library");
  }
  if (frame.payload_bytes > largest_payload) fail(EPROTO, "it sent more than anybody asked for");
  payload.resize(frame.payload_bytes);
  if (const auto got = fill(head, deadline); got != Received::message) return got;
  return fill(payload, deadline);
}

}  // namespace ganeti::gluster
