// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/deadline.hpp"
#include "base/unique_fd.hpp"

namespace ganeti::gluster {

enum class Received { message, end, timeout };

/// One end of the socket between a worker and who uses it: messages of a head, whose size both know, and a payload.
class Channel {
 public:
  explicit Channel(UniqueFd socket) noexcept : socket_(std::move(socket)) {}

  /// @returns `message` if it was sent. @throws Error (an errno) for what is wrong with the socket itself.
  template <typename Head>
  [[nodiscard]] Received send(const Head& head, std::span<const char> payload, const Deadline& deadline) {
    return send_bytes({reinterpret_cast<const char*>(&head), sizeof(head)}, payload, deadline);
  }
  /// @throws Error (EPROTO) if the other end is of another version.
  template <typename Head>
  [[nodiscard]] Received receive(Head& head, std::string& payload, const Deadline& deadline) {
    return receive_bytes({reinterpret_cast<char*>(&head), sizeof(head)}, payload, deadline);
  }

  /// Whether the other end is gone.
  [[nodiscard]] bool is_closed() const noexcept;

 private:
  Received send_bytes(std::span<const char> head, std::span<const char> payload, const Deadline& deadline);
  Received receive_bytes(std::span<char> head, std::string& payload, const Deadline& deadline);
  Received fill(std::span<char> bytes, const Deadline& deadline);
  bool await(short events, const Deadline& deadline) const;

  UniqueFd socket_;
};

}  // namespace ganeti::gluster
