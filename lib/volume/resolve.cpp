// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/volume/resolve.hpp>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <sstream>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/child.hpp"
#include "volume/host.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

struct FreeAddressInfo {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

// All addresses of a name, one a line. An address with a scope ("%eth0") is link-local and means
// nothing to others, nor to glusterfs.
std::string look_up(const std::string& name) {
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
    if (error == 0 && address.find('%') == std::string_view::npos) lines.append(address).append("\n");
  }
  return lines;
}

int write_output(std::string_view text) {
  while (!text.empty()) {
    const auto n = write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return 1;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

std::vector<std::string> read_addresses(const std::string& output) {
  std::vector<std::string> addresses;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    // What a resolver module may print is no address, nor is a line that the deadline cut.
    if (lines.eof()) break;
    if (const auto address = find_address(line)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

GlusterVolume resolve(const GlusterVolume& volume, std::chrono::milliseconds limit) {
  if (volume.transport() == Transport::unix_socket) return volume;
  const auto deadline = Deadline::in(limit);
  auto servers = volume.servers();

  // A child for each name, all running before the first is waited for: a name server that does not
  // answer for one zone must not use up the time of the other names.
  ChildOptions options;
  options.self_destruct = std::chrono::ceil<std::chrono::seconds>(limit) + 1s;
  std::vector<std::optional<Child>> children;
  for (const auto& server : servers) {
    children.emplace_back();
    if (find_address(server.host)) continue;
    children.back().emplace(Child::start(options, [&] { return write_output(look_up(server.host)); }));
  }
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (!children[i]) continue;
    children[i]->wait(deadline);
    servers[i].addresses = read_addresses(children[i]->output());
  }
  return volume.with_servers(std::move(servers));
}

}  // namespace ganeti::gluster
