// SPDX-License-Identifier: BSD-2-Clause
#include "mount/identity.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/volume/resolve.hpp>

#include "base/log.hpp"

namespace ganeti::gluster {
namespace {

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (!item.empty() && std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

std::string without_slash(const std::string& path) {
  return path.substr(std::min(path.find_first_not_of('/'), path.size()));
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

// The names and addresses by which one server may be called.
std::vector<std::string> labels(const Server& server, const std::vector<std::string>& local) {
  auto all = server.addresses;
  all.push_back(server.host);
  if (std::any_of(all.begin(), all.end(), is_loopback)) all.insert(all.end(), local.begin(), local.end());
  return all;
}

}  // namespace

Identity parse_identity(const std::string& volfile, const std::string& cmdline) {
  Identity identity;
  std::istringstream lines(volfile);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string keyword;
    std::string option;
    std::string value;
    if (!(words >> keyword >> option >> value) || keyword != "option") continue;
    if (option == "volfile-key") identity.name = without_slash(value);
    if (option == "volume-id") identity.volume_id = value;
    if (option == "remote-host") add_once(identity.brick_hosts, value);
  }
  std::istringstream arguments(cmdline);
  for (std::string argument; arguments >> argument;) {
    const auto value = argument.substr(std::min(argument.find('=') + 1, argument.size()));
    if (argument.starts_with("--volfile-server=")) add_once(identity.volfile_servers, value);
    if (argument.starts_with("--subdir-mount=")) identity.subdir = without_slash(value);
  }
  return identity;
}

Match match(const Identity& identity, const GlusterVolume& wanted, const std::vector<Server>& found,
            const std::vector<std::string>& local_addresses) {
  if (identity.name != wanted.name() || identity.subdir != wanted.subdir()) return Match::other_volume;
  for (const auto& server : wanted.servers()) {
    const auto asked = labels(server, local_addresses);
    for (const auto& candidate : found) {
      if (share(asked, labels(candidate, local_addresses))) return Match::ours;
    }
  }
  return Match::other_servers;
}

std::vector<Server> resolve_hosts(const std::vector<std::string>& hosts, const GlusterVolume& volume) {
  try {
    VolumeParameters parameters;
    parameters.servers = hosts;
    parameters.volume = volume.name();
    return resolve(GlusterVolume(parameters), resolve_limit).servers();
  } catch (const VolumeError& error) {  // names that we would never use: they match nothing
    log(LogLevel::debug, "{}", error.what());
    return {};
  }
}

std::string Identified::describe(const Identity& identity) const {
  const auto name = identity.subdir.empty() ? identity.name : identity.name + "/" + identity.subdir;
  return fmt::format("{} of {}", name.empty() ? "a volume file" : "the volume " + name, fmt::join(hosts, ", "));
}

Identified identify(const Identity& identity, const GlusterVolume& wanted) {
  Identified result{Match::other_volume, wanted.servers()};
  for (const auto& host : identity.volfile_servers) add_once(result.hosts, host);
  for (const auto& host : identity.brick_hosts) add_once(result.hosts, host);
  std::vector<Server> found;
  for (const auto& host : result.hosts) found.push_back({host, {}});
  result.match = match(identity, wanted, found, {});
  if (result.match == Match::other_servers) {
    const auto resolved = resolve(wanted, resolve_limit);
    result.asked = resolved.servers();
    result.match = match(identity, resolved, resolve_hosts(result.hosts, wanted), local_addresses());
  }
  return result;
}

std::vector<std::string> local_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(first, freeifaddrs);
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const auto family = entry->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    std::array<char, NI_MAXHOST> text{};
    const auto size = static_cast<socklen_t>(family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    if (getnameinfo(entry->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
      add_once(addresses, std::string(text.data()).substr(0, std::string(text.data()).find('%')));
    }
  }
  return addresses;
}

}  // namespace ganeti::gluster
