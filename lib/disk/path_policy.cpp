// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/path_policy.hpp>

#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/locale/encoding_utf.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/path.hpp"

namespace ganeti::gluster {
namespace {

namespace conv = boost::locale::conv;

constexpr std::string_view forbidden_prefixes[] = {
    // what the system keeps beside its programs
    "/boot", "/dev", "/etc", "/home", "/proc", "/root", "/sys",
    // programs and libraries
    "/bin", "/lib", "/lib32", "/lib64", "/sbin", "/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/sbin",
    "/usr/local/bin", "/usr/local/lib", "/usr/local/lib32", "/usr/local/lib64", "/usr/local/sbin"};

// Where Python's str.splitlines ends a line, and what its str.strip takes off.
constexpr std::u32string_view line_ends = U"\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029";
constexpr std::u32string_view white_space =
    U"\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    U"\u2028\u2029\u202f\u205f\u3000";

bool is_absolute(const std::string& path) { return path.starts_with('/'); }

// Both normalised.
bool is_below(std::string_view root, const std::string& path) {
  if (path == "/") return false;
  return path.starts_with(root == "/" ? "/" : fmt::format("{}/", root));
}

std::vector<std::string> read_allowed_paths(const std::string& file) {
  const auto content = read_linked_file(file);
  if (!content) return {};
  std::vector<std::u32string> lines;
  try {
    boost::split(lines, conv::utf_to_utf<char32_t>(*content, conv::stop), boost::is_any_of(line_ends));
  } catch (const conv::conversion_error&) {
    log(LogLevel::warning, "{} is not in UTF-8: as in Ganeti, it allows nothing", file);
    return {};
  }
  std::vector<std::string> paths;
  for (auto& line : lines) {
    boost::trim_if(line, boost::is_any_of(white_space));
    if (!line.empty() && line.front() != U'#') paths.push_back(conv::utf_to_utf<char>(line));
  }
  return paths;
}

}  // namespace

bool PathPolicy::is_forbidden(const std::string& path) {
  const auto normal = normalise_path(path);
  if (!is_absolute(normal)) return true;
  for (const auto prefix : forbidden_prefixes) {
    if (normal == prefix || is_below(prefix, normal)) return true;
  }
  return false;
}

void PathPolicy::check(const std::string& path, bool exact_match_ok) const {
  const auto refuse = [&path](const std::string& why, const std::string& cure) {
    throw PathPolicyError(Errc::path_not_allowed, {path, "cannot use it for file storage", why, cure});
  };
  const auto add_line = fmt::format("add a line with {} to {} on this node",
                                    exact_match_ok ? "it or a folder above it" : "a folder above it", file_);
  const auto allowed = read_allowed_paths(file_);
  if (allowed.empty()) refuse(fmt::format("No paths are valid or path file '{}' was not accessible.", file_), add_line);
  if (is_forbidden(path)) {
    refuse(fmt::format("Path '{}' uses a forbidden prefix", path),
           "choose an absolute path outside the system's own folders, such as one below /srv");
  }
  const auto normal = normalise_path(path);
  for (const auto& root : allowed) {
    if (!is_absolute(root)) {
      log(LogLevel::info, "Ignoring relative path '{}' for file storage", root);
      continue;
    }
    const auto normal_root = normalise_path(root);
    if ((exact_match_ok && normal == normal_root) || is_below(normal_root, normal)) return;
  }
  refuse(fmt::format("Path '{}' is not acceptable for file storage", path), add_line);
}

}  // namespace ganeti::gluster
