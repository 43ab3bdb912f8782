// SPDX-License-Identifier: BSD-2-Clause
#include "volume/host.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>

#include "volume/characters.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::size_t longest_host_name = 253;  // RFC 1123
constexpr std::size_t longest_label = 63;       // RFC 1123
constexpr std::size_t longest_socket = 107;     // sockaddr_un, with its NUL

void check_label(std::string_view name, std::string_view label) {
  if (label.empty()) refuse(server_part, name, "a host name has no empty part between its dots");
  if (label.size() > longest_label) refuse(server_part, name, "each part of a host name has at most 63 characters");
  if (label.front() == '-' || label.back() == '-') {
    refuse(server_part, name, "no part of a host name begins or ends with '-'");
  }
}

void check_name(std::string_view name) {
  if (name.empty()) refuse(server_part, name, "a host name is not empty");
  if (name.size() > longest_host_name) refuse(server_part, name, "a host name has at most 253 characters");
  if (!consists_of(name, name_characters, ".")) {
    refuse(server_part, name, "a host name consists of letters, digits, '-', '_' and '.'");
  }
  std::string_view label;
  for (std::size_t begin = 0; begin <= name.size(); begin += label.size() + 1) {
    label = name.substr(begin, name.find('.', begin) - begin);
    check_label(name, label);
  }
  // The resolver would read 127.1 or 010.0.0.1 as some address, and not everywhere the same one.
  if (consists_of(label, decimal_digits)) refuse(server_part, name, "it looks like an IPv4 address but is none");
}

}  // namespace

std::optional<std::string> find_address(std::string_view text) {
  if (!consists_of(text, hex_digits, ".:")) return std::nullopt;  // a NUL, too, which would end it for inet_pton
  const std::string address(text);
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  std::array<char, INET6_ADDRSTRLEN> canonical{};
  const int family = is_ipv6(text) ? AF_INET6 : AF_INET;
  if (inet_pton(family, address.c_str(), binary.data()) != 1) return std::nullopt;
  return inet_ntop(family, binary.data(), canonical.data(), canonical.size());
}

bool is_ipv6(std::string_view address) noexcept { return address.find(':') != std::string_view::npos; }

Server parse_server(std::string_view text) {
  const bool in_brackets = text.size() >= 2 && text.front() == '[' && text.back() == ']';
  const auto inner = in_brackets ? text.substr(1, text.size() - 2) : text;
  if (in_brackets || is_ipv6(inner)) {
    const auto address = find_address(inner);
    if (!address || !is_ipv6(*address)) {
      refuse(server_part, text,
             inner.find('%') == std::string_view::npos
                 ? "it is not an IPv6 address"
                 : "an address with a scope (after '%') means something else on every node");
    }
    return {*address, {*address}};
  }
  if (const auto address = find_address(inner)) return {*address, {*address}};
  check_name(text);
  return {boost::algorithm::to_lower_copy(std::string(text), std::locale::classic()), {}};
}

Server parse_socket(std::string_view path) {
  if (path.empty() || path.front() != '/') refuse(socket_part, path, "the path of a unix socket is absolute");
  if (path.size() > longest_socket) refuse(socket_part, path, "the path of a unix socket has at most 107 characters");
  if (!consists_of(path, path_characters, "/")) {
    refuse(socket_part, path, std::string("the path consists of '/', ") + path_characters_in_words);
  }
  return {std::string(path), {}};
}

void add_servers(std::vector<Server>& servers, const std::vector<std::string>& lists) {
  std::vector<std::string> hosts;
  for (const auto& list : lists) {
    boost::algorithm::split(hosts, list, boost::algorithm::is_any_of(","));
    for (const auto& host : hosts) {
      if (host.empty()) continue;
      auto server = parse_server(host);
      const auto same = [&](const Server& other) { return other.host == server.host; };
      if (std::none_of(servers.begin(), servers.end(), same)) servers.push_back(std::move(server));
    }
  }
}

std::string bracketed(const std::string& host) { return is_ipv6(host) ? "[" + host + "]" : host; }

}  // namespace ganeti::gluster
