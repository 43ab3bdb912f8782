// SPDX-License-Identifier: BSD-2-Clause
//
// Answers what the path policy says: one question a line on standard input, as a JSON object with
// the list's file, the path and whether it may be equal to an allowed one; one JSON object a line as
// answer, with the reason of a refusal or null, and the messages logged.
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/path_policy.hpp>
#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/log.hpp>

namespace gg = ganeti::gluster;
using nlohmann::json;

namespace {

json refusal(const json& question) {
  const gg::PathPolicy policy(question.at("file"));
  try {
    question.at("exact") ? policy.check_folder(question.at("path")) : policy.check(question.at("path"));
  } catch (const gg::PathPolicyError& error) {
    return error.text().why;
  }
  return nullptr;
}

}  // namespace

int main() {
  json log;
  gg::set_log_sink([&](gg::LogLevel, std::string_view message) { log.push_back(message); });
  for (std::string line; std::getline(std::cin, line);) {
    log = json::array();
    auto reason = refusal(json::parse(line));
    std::cout << json{{"refusal", std::move(reason)}, {"log", log}}.dump() << '\n';
  }
  gg::set_log_sink({});
}
