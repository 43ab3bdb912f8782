// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/settings/node_paths.hpp>

#include <cerrno>

#include <fcntl.h>

#include <fmt/format.h>
#include <boost/algorithm/string/trim.hpp>

#include <ganeti-gluster/error.hpp>

#include "base/controls.hpp"
#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "installed.hpp"
#include "volume/refusal.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* stock_storage_dir = "/var/run/ganeti/gluster";  // pathutils.DEFAULT_GLUSTER_STORAGE_DIR

struct SsconfKey {
  const char* name;
  const char* failed;
  const char* form;  // of a value, as messages name it
};

constexpr SsconfKey storage_dir_key{"gluster_storage_dir", "cannot read the storage dir", "an absolute path"};
constexpr SsconfKey cluster_name_key{"cluster_name", "cannot read the cluster's name", "a name"};

std::string file_of(const NodePaths& paths, const SsconfKey& key) {
  return fmt::format("{}/ssconf_{}", paths.ganeti_data_dir, key.name);
}

[[noreturn]] void refuse(const NodePaths& paths, const SsconfKey& key, std::string_view value) {
  throw SettingsError(Errc::invalid_settings,
                      {file_of(paths, key), key.failed, fmt::format("{} is not {}", quoted(value), key.form),
                       "let Ganeti write it again: gnt-cluster redist-conf"});
}

// Empty if there is no such file.
std::string read_ssconf(const NodePaths& paths, const SsconfKey& key) {
  const auto file = file_of(paths, key);
  const auto content = read_file(AT_FDCWD, file);
  if (!content) {
    const int error = errno;
    if (error == ENOENT) return {};
    throw SettingsError(errno_code(error), {file, key.failed, {}, "see that it is Ganeti's own file"});
  }
  auto value = boost::algorithm::trim_right_copy_if(*content, [](char c) { return c == '\n'; });
  if (has_controls(value)) refuse(paths, key, value);
  return value;
}

}  // namespace

std::string installed_gfapi_worker() { return GANETI_GLUSTER_LIBEXECDIR "/gfapi-worker"; }

std::string configured_storage_dir(const NodePaths& paths) {
  auto dir = read_ssconf(paths, storage_dir_key);
  if (dir.empty()) return stock_storage_dir;
  if (dir.front() != '/') refuse(paths, storage_dir_key, dir);
  return dir;
}

std::string cluster_name(const NodePaths& paths) { return read_ssconf(paths, cluster_name_key); }

}  // namespace ganeti::gluster
