// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/settings/node_paths.hpp>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

#include <fmt/format.h>
#include <boost/algorithm/string/trim.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* stock_storage_dir = "/var/run/ganeti/gluster";  // pathutils.DEFAULT_GLUSTER_STORAGE_DIR
constexpr const char* failed = "cannot read the storage dir";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string configured_storage_dir(const NodePaths& paths) {
  const auto file = paths.ganeti_data_dir + "/ssconf_gluster_storage_dir";
  const auto content = read_file(AT_FDCWD, file);
  if (!content) {
    const int error = errno;
    if (error == ENOENT) return stock_storage_dir;
    throw SettingsError(errno_code(error), {file, failed, {}, "see that it is Ganeti's own file"});
  }
  auto dir = boost::algorithm::trim_right_copy_if(*content, [](char c) { return c == '\n'; });
  if (dir.empty()) return stock_storage_dir;
  if (dir.front() != '/' || std::any_of(dir.begin(), dir.end(), is_control)) {
    throw SettingsError(Errc::invalid_settings, {file, failed, fmt::format("{} is not an absolute path", quoted(dir)),
                                                 "let Ganeti write it again: gnt-cluster redist-conf"});
  }
  return dir;
}

}  // namespace ganeti::gluster
