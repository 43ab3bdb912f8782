// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/volume/resolve.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <system_error>
#include <thread>

#include <netdb.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include "base/child.hpp"
#include "volume/host.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

struct FreeAddressInfo {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

// All addresses of a server, one a line after its number. An address with a scope ("%eth0") is link-local and means
// nothing to others, nor to glusterfs.
std::string look_up(std::size_t number, const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, FreeAddressInfo> list(found);
  std::string lines;
  for (const auto* info = list.get(); info != nullptr; info = info->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    const int error =
        getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    const std::string_view address(text.data());
    if (error == 0 && address.find('%') == std::string_view::npos) lines += fmt::format("{} {}\n", number, address);
  }
  return lines;
}

bool is_name(const Server& server) { return !find_address(server.host); }

// All names at once, each in a thread of its own and told as soon as it is known: a name server that does not answer
// for one zone must not use up the time of the other names.
int look_up_names(const std::vector<Server>& servers) {
  std::mutex output;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (!is_name(servers[i])) continue;
    const auto tell = [&, i]() noexcept {
      try {
        const auto lines = look_up(i, servers[i].host);
        const std::scoped_lock lock(output);
        tell_parent(lines);
      } catch (const std::bad_alloc&) {  // it has no address then
      }
    };
    try {
      threads.emplace_back(tell);
    } catch (const std::system_error&) {  // the process may have no more
      tell();
    }
  }
  return 0;
}

void read_addresses(const std::string& output, std::vector<Server>& servers) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    // What a resolver module may print is no address, nor is a line that the deadline cut.
    if (lines.eof()) break;
    std::istringstream words(line);
    std::size_t number = 0;
    std::string text;
    if (!(words >> number >> text) || number >= servers.size()) continue;
    if (const auto address = find_address(text)) servers[number].addresses.push_back(*address);
  }
}

}  // namespace

GlusterVolume resolve(const GlusterVolume& volume, std::chrono::milliseconds limit) {
  if (volume.transport() == Transport::unix_socket) return volume;
  auto servers = volume.servers();
  if (std::ranges::any_of(servers, is_name)) {
    for (auto& server : servers) {
      if (is_name(server)) server.addresses.clear();
    }
    ChildOptions options;
    options.self_destruct = std::chrono::ceil<std::chrono::seconds>(limit) + 1s;
    auto child = Child::start(options, [&] { return look_up_names(servers); });
    child.wait(Deadline::in(limit));
    read_addresses(child.output(), servers);
  }
  return volume.with_servers(std::move(servers));
}

}  // namespace ganeti::gluster
