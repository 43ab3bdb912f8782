// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/dropin/status.hpp>

#include <optional>

#include <boost/filesystem/operations.hpp>

#include <ganeti-gluster/error.hpp>
#include <ganeti-gluster/settings/settings.hpp>

#include "base/errno_error.hpp"
#include "mount/lock.hpp"
#include "mount/storage_dir.hpp"

namespace ganeti::gluster {
namespace {

void remove_folder(const std::string& path) {
  boost::system::error_code error;
  boost::filesystem::remove_all(path, error);
  // A file system of its own stays, empty.
  if (!error || error == boost::system::errc::device_or_resource_busy) return;
  throw Error(errno_code(error.value()), {path, "cannot remove what ganeti-gluster keeps there", {}, {}});
}

}  // namespace

void remove_node_state(const NodePaths& paths, const std::string& storage_dir) {
  boost::system::error_code ignored;
  if (boost::filesystem::exists(paths.state_dir, ignored)) {
    std::optional<StorageLock> lock;  // not in the middle of somebody's mounting
    if (const auto real = StorageDir(storage_dir).real()) {
      const StateDir state(paths.state_dir, *real);
      lock.emplace(StorageLock::acquire(state, storage_dir, Deadline::in(VolumeSettings().lock_timeout)));
    }
    remove_folder(paths.state_dir);
  }
  remove_folder(paths.verdict_dir);
  remove_folder(paths.persistent_dir);
}

}  // namespace ganeti::gluster
