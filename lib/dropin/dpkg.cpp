// SPDX-License-Identifier: BSD-2-Clause
#include "dropin/dpkg.hpp"

#include <cerrno>
#include <chrono>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "dropin/run.hpp"

namespace ganeti::gluster {
namespace {

// What they do takes a moment; another package manager at work makes them fail at once.
constexpr auto limit = std::chrono::seconds(60);

constexpr const char* query = "/usr/bin/dpkg-query";
constexpr const char* divert_program = "/usr/bin/dpkg-divert";

// The output of a program of dpkg that has done its work, or said "no" with status 1.
std::string output_of(const std::string& subject, std::vector<std::string> argv) {
  const auto command = fmt::format("{}", fmt::join(argv, " "));
  const auto outcome = run(std::move(argv), limit);
  if (outcome.status && *outcome.status <= 1) return outcome.output;
  const auto why = boost::algorithm::trim_copy(outcome.output);
  throw Error(errno_code(outcome.timed_out ? ETIMEDOUT : EIO),
              {subject, "cannot run " + command, why.empty() ? "it was killed" : why, "try again once dpkg works"});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

bool Dpkg::is_there() const {
  boost::system::error_code ignored;
  return boost::filesystem::exists(admin_dir_.empty() ? query : admin_dir_ + "/status", ignored);
}

std::vector<std::string> Dpkg::command(const char* program, const std::vector<std::string>& words) const {
  std::vector<std::string> argv{program};
  if (!admin_dir_.empty()) argv.insert(argv.end(), {"--admindir", admin_dir_});
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

std::string Dpkg::owner(const std::string& path) const {
  if (!is_there()) return {};
  // "PACKAGE[, PACKAGE]: PATH"; what it says of diversions has other words before the colon.
  const auto end = ": " + path;
  for (const auto& line : lines_of(output_of(path, command(query, {"-S", path})))) {
    const bool tells_of_diversion = line.starts_with("diversion by ") || line.starts_with("local diversion ");
    if (!boost::algorithm::ends_with(line, end) || tells_of_diversion) continue;
    return line.substr(0, line.find_first_of(",:"));
  }
  return {};
}

bool Dpkg::is_modified(const std::string& package, const std::string& path) const {
  const auto lines = lines_of(output_of(path, command("/usr/bin/dpkg", {"--verify", package})));
  for (const auto& line : lines) {
    if (boost::algorithm::ends_with(line, " " + path)) return true;
  }
  return false;
}

std::string Dpkg::diverter(const std::string& path) const {
  if (!is_there()) return {};
  return boost::algorithm::trim_copy(output_of(path, command(divert_program, {"--listpackage", path})));
}

// Without renaming: dpkg-divert would leave a moment without any module.
void Dpkg::change_diversion(const char* action, const std::string& path, const std::string& to) const {
  static_cast<void>(output_of(
      path, command(divert_program, {"--no-rename", "--package", our_package, "--divert", to, action, path})));
}

void Dpkg::divert(const std::string& path, const std::string& to) const { change_diversion("--add", path, to); }

void Dpkg::undo_divert(const std::string& path, const std::string& to) const { change_diversion("--remove", path, to); }

}  // namespace ganeti::gluster
