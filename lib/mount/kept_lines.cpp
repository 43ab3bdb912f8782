// SPDX-License-Identifier: BSD-2-Clause
#include "mount/kept_lines.hpp"

#include <sstream>

#include <fcntl.h>

#include <fmt/format.h>
#include <boost/filesystem/path.hpp>

#include "base/file.hpp"
#include "base/log.hpp"

namespace ganeti::gluster {

std::vector<std::string> read_kept_lines(const std::string& file) {
  std::vector<std::string> kept;
  std::istringstream lines(read_file(AT_FDCWD, file).value_or(""));
  for (std::string line; std::getline(lines, line);) kept.push_back(line);
  return kept;
}

void keep_lines(const std::string& file, const std::vector<std::string>& lines, const std::string& what) noexcept {
  try {
    if (read_kept_lines(file) == lines) return;
    make_directories(boost::filesystem::path(file).parent_path().string(), 0700);
    replace_file(AT_FDCWD, file, fmt::format("{}\n", fmt::join(lines, "\n")));
  } catch (const std::exception& error) {
    log(LogLevel::warning, "cannot remember {}: {}", what, error.what());
  }
}

}  // namespace ganeti::gluster
