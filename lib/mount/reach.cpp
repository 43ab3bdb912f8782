// SPDX-License-Identifier: BSD-2-Clause
#include "mount/reach.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {
namespace {

// One address on its way: connecting, asked, or done.
class Contact {
 public:
  Contact(const std::string& host, const std::string& address, std::uint16_t port) : reach_{host, address, 0, false} {
    if (address.empty()) {
      reach_.error = EHOSTUNREACH;
    } else {
      start(port);
    }
  }

  [[nodiscard]] bool done() const { return !socket_; }
  [[nodiscard]] pollfd watched() const {
    return {socket_.get(), static_cast<short>(connecting_ ? POLLOUT : POLLIN), 0};
  }
  [[nodiscard]] const ServerReach& reach() const { return reach_; }

  void go_on() {
    if (connecting_) {
      finish_connect();
    } else {
      char byte = 0;
      reach_.answered = read(socket_.get(), &byte, 1) == 1;
      socket_.reset();
    }
  }

  void give_up() {
    if (connecting_) reach_.error = ETIMEDOUT;
    socket_.reset();
  }

 private:
  void start(std::uint16_t port) {
    sockaddr_storage storage{};
    socklen_t size = 0;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, reach_.address.c_str(), &v4->sin_addr) == 1) {
      v4->sin_family = AF_INET;
      v4->sin_port = htons(port);
      size = sizeof(sockaddr_in);
    } else if (inet_pton(AF_INET6, reach_.address.c_str(), &v6->sin6_addr) == 1) {
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(port);
      size = sizeof(sockaddr_in6);
    }
    socket_.reset(socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (connect(socket_.get(), reinterpret_cast<sockaddr*>(&storage), size) == 0) {
      ask();
    } else if (errno != EINPROGRESS) {
      reach_.error = errno;
      socket_.reset();
    }
  }

  void finish_connect() {
    socklen_t size = sizeof(reach_.error);
    if (getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &reach_.error, &size) != 0) reach_.error = errno;
    if (reach_.error == 0) {
      ask();
    } else {
      socket_.reset();
    }
  }

  // An ONC RPC call (RFC 5531) of GlusterFS's GF_DUMP program, which every glusterd answers to anybody
  // at once: it lists the programs that it serves.
  void ask() {
    connecting_ = false;
    constexpr std::uint32_t last_fragment = 0x80000000U;
    constexpr std::uint32_t gf_dump_program = 123451501;
    constexpr std::array<std::uint32_t, 10> call{1, 0, 2, gf_dump_program, 1, 1, 0, 0, 0, 0};
    std::array<std::uint32_t, call.size() + 1> message{htonl(last_fragment | sizeof(call))};
    std::transform(call.begin(), call.end(), message.begin() + 1, [](std::uint32_t word) { return htonl(word); });
    if (send(socket_.get(), message.data(), sizeof(message), MSG_NOSIGNAL) != sizeof(message)) socket_.reset();
  }

  ServerReach reach_;
  UniqueFd socket_;
  bool connecting_ = true;
};

bool has_answered(const std::vector<Contact>& contacts, const std::string& host) {
  return std::any_of(contacts.begin(), contacts.end(),
                     [&](const Contact& c) { return c.reach().host == host && c.reach().answered; });
}

// Waits for the next answer of any of them. @returns false if there is nothing more to wait for.
bool go_on(std::vector<Contact>& contacts, const Deadline& deadline) {
  std::vector<pollfd> watched;
  std::vector<Contact*> waiting;
  for (auto& contact : contacts) {
    if (contact.done()) continue;
    watched.push_back(contact.watched());
    waiting.push_back(&contact);
  }
  const auto left = deadline.left();
  if (watched.empty() || left.count() == 0) return false;
  if (poll(watched.data(), watched.size(), static_cast<int>(left.count())) <= 0) return true;
  for (std::size_t i = 0; i < watched.size(); ++i) {
    if (watched[i].revents != 0) waiting[i]->go_on();
  }
  return true;
}

// Lower is better: answers, accepts, does not, has no address.
int rank(const std::vector<ServerReach>& reached, const std::string& host) {
  int best = 3;
  for (const auto& reach : reached) {
    if (reach.host != host || reach.address.empty()) continue;
    best = std::min(best, reach.answered ? 0 : reach.error == 0 ? 1 : 2);
  }
  return best;
}

}  // namespace

std::vector<ServerReach> reach_servers(const GlusterVolume& volume, const Deadline& deadline, Await await) {
  std::vector<Contact> contacts;
  for (const auto& server : volume.servers()) {
    if (server.addresses.empty()) contacts.emplace_back(server.host, "", volume.port());
    for (const auto& address : server.addresses) contacts.emplace_back(server.host, address, volume.port());
  }
  const auto& first = volume.servers().front().host;
  while (!(await == Await::first_server && has_answered(contacts, first)) && go_on(contacts, deadline)) {
  }
  std::vector<ServerReach> reached;
  for (auto& contact : contacts) {
    if (!contact.done()) contact.give_up();
    reached.push_back(contact.reach());
  }
  return reached;
}

GlusterVolume with_answering_servers_first(const GlusterVolume& volume, const Deadline& deadline) {
  auto servers = volume.servers();
  if (servers.size() < 2) return volume;
  const auto reached = reach_servers(volume, deadline, Await::first_server);
  if (rank(reached, servers.front().host) == 0) return volume;
  std::stable_sort(servers.begin(), servers.end(),
                   [&](const Server& a, const Server& b) { return rank(reached, a.host) < rank(reached, b.host); });
  return volume.with_servers(std::move(servers));
}

}  // namespace ganeti::gluster
