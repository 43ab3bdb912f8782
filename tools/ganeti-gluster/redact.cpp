// SPDX-License-Identifier: BSD-2-Clause
#include "redact.hpp"

#include <regex>

namespace ganeti::gluster::tool {
namespace {

// std::regex takes stack for each character that it looks at.
constexpr std::size_t longest_text = 4096;

}  // namespace

std::string redact(const std::string& text) {
  static const std::regex user_data(R"(([a-z][a-z0-9+.-]*://)[^/?#\s"']*@)", std::regex::icase | std::regex::optimize);
  // "password=x", "option password x", "token: 'x'", "Bearer x"
  static const std::regex named(R"(((?:pass(?:word|wd|phrase)|secret|token|api[-_]?key|bearer|option +username))"
                                R"re(["']?(?: *[=:] *| +)["']?)[^\s,;&"']+)re",
                                std::regex::icase | std::regex::optimize);
  static const std::regex key_block(R"(-----BEGIN .*)", std::regex::optimize);
  auto result = text.substr(0, longest_text);
  result = std::regex_replace(result, user_data, std::string("$1") + redacted + "@");
  result = std::regex_replace(result, named, std::string("$1") + redacted);
  result = std::regex_replace(result, key_block, redacted);
  return text.size() > longest_text ? result + "..." : result;
}

}  // namespace ganeti::gluster::tool
