// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <string>

#include <glusterfs/api/glfs-handles.h>
#include <glusterfs/api/glfs.h>

#include "gfapi/worker_task.hpp"

namespace ganeti::gluster {

// Both leave errno alone, which often has yet to be read when they run.
struct CloseObject {
  void operator()(glfs_object_t* object) const noexcept;
};
/// A file or folder of the volume, whatever its name is by now.
using GfapiObject = std::unique_ptr<glfs_object_t, CloseObject>;

struct CloseGfapiFile {
  void operator()(glfs_fd_t* file) const noexcept;
};
using GfapiFile = std::unique_ptr<glfs_fd_t, CloseGfapiFile>;

/// What becomes of data that an fsync could not write.
enum class UnsyncedData {
  drop,  ///< it is gone once the fsync has told: who takes the whole attempt back must not have it written later
  keep,  ///< the next fsync writes it or fails again, as a guest expects of its disk
};

/// A connection to a volume by libgfapi, which is never closed: that would take eleven seconds. For processes of our
/// own that end by _exit.
class GfapiConnection {
 public:
  /// May block for as long as libgfapi does, which knows no limit.
  /// @throws MountError (connect_failed)
  explicit GfapiConnection(const WorkerTask& task, UnsyncedData unsynced = UnsyncedData::drop);

  [[nodiscard]] glfs_t* volume() const noexcept { return volume_; }
  /// The directory that stands for the volume's root, its subdir if it has one; none if errno says why there is none.
  [[nodiscard]] glfs_object_t* root();

 private:
  void check_subdir(const GlusterVolume& volume);
  [[nodiscard]] bool is_ours(const class ServerChoice& choice, const WorkerTask& task) const;

  glfs_t* volume_ = nullptr;
  std::string subdir_;
  GfapiObject root_;
};

/// Looks a name up in a folder, symbolic links not followed. @returns nothing, and sets errno, if that fails.
[[nodiscard]] GfapiObject look_up(glfs_t* volume, glfs_object_t* folder, const std::string& name, struct stat& status);

/// The whole of a small file, such as those below `.meta`; empty if it cannot be read.
[[nodiscard]] std::string read_small_file(glfs_t* volume, const std::string& path);

}  // namespace ganeti::gluster
