// SPDX-License-Identifier: BSD-2-Clause
#include "mount/client_log.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/algorithm/string/trim.hpp>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {
namespace {

constexpr off_t longest_read = 256L << 10U;

// `[time] E [MSGID: n] [file.c:line:function] 0-translator: text [{key=value}]`: the text of a line
// that speaks of a failure. Warnings repeat errors or tell of the shutdown that follows them.
std::optional<std::string> error_text(const std::string& line) {
  const auto level = line.find("] ");
  if (level == std::string::npos || level + 3 >= line.size()) return std::nullopt;
  if ((line[level + 2] != 'E' && line[level + 2] != 'C') || line[level + 3] != ' ') return std::nullopt;
  const auto source_end = line.find("] ", line.find(".c:", level));
  if (source_end == std::string::npos) return std::nullopt;
  const auto translator_end = line.find(": ", source_end);
  if (translator_end == std::string::npos) return std::nullopt;
  auto text = line.substr(translator_end + 2);
  if (const auto empty = text.rfind(" []"); empty != std::string::npos) text.resize(empty);
  boost::algorithm::trim(text);
  return text;
}

}  // namespace

ClientLog::ClientLog(const std::string& log_dir, const std::string& mount_point) {
  auto name = mount_point.substr(std::min(mount_point.find_first_not_of('/'), mount_point.size()));
  std::replace(name.begin(), name.end(), '/', '-');
  path_ = log_dir + "/" + name + ".log";
  struct stat status {};
  if (stat(path_.c_str(), &status) == 0) start_ = status.st_size;
}

std::vector<std::string> ClientLog::causes() const {
  const UniqueFd fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  // A log that was rotated or cut meanwhile is read from its beginning.
  const off_t from = std::max(status.st_size < start_ ? 0 : start_, status.st_size - longest_read);
  std::string log(static_cast<std::size_t>(status.st_size - from), '\0');
  const auto n = pread(fd.get(), log.data(), log.size(), from);
  log.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return parse_causes(log);
}

std::vector<std::string> parse_causes(const std::string& log) {
  std::vector<std::string> causes;
  const auto last_start = log.rfind("Pid of current running process is");
  std::istringstream lines(last_start == std::string::npos ? log : log.substr(last_start));
  for (std::string line; std::getline(lines, line);) {
    auto text = error_text(line);
    if (!text) continue;
    causes.erase(std::remove(causes.begin(), causes.end(), *text), causes.end());
    causes.insert(causes.begin(), *text);
  }
  return causes;
}

}  // namespace ganeti::gluster
