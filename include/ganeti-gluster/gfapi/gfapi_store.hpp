// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/node_paths.hpp>
#include <ganeti-gluster/settings/settings.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// Whether the program is there without which no GfapiStore connects.
[[nodiscard]] GANETI_GLUSTER_API bool is_gfapi_installed(const NodePaths& paths);

/// Images on a volume that need not be mounted, reached through libgfapi: by a worker process, one for each volume and
/// thread of the process that uses it, which starts with the first call and ends with its user. libgfapi itself is
/// never loaded into the caller, and every call ends within VolumeSettings::mount_timeout (the first one, which
/// connects) or VolumeSettings::call_timeout. Every name is looked up in a folder that is open, so that no symbolic
/// link is followed.
///
/// A connection that is lost fails the operation with MountError (mount_lost), as a mount that is lost does; the next
/// operation connects anew. A store may be used after fork, in the child as well; files that were opened before cannot.
class GANETI_GLUSTER_API GfapiStore final : public ImageStore {
 public:
  /// Connects to nothing yet. @throws VolumeError if the settings make the volume invalid.
  GfapiStore(const GlusterVolume& volume, const VolumeSettings& settings, const NodePaths& paths = {});
  GfapiStore(GfapiStore&&) noexcept;
  GfapiStore& operator=(GfapiStore&&) noexcept;
  ~GfapiStore() override;

  /// Connects, if that has not been done. @throws MountError (connect_failed)
  void connect();

  [[nodiscard]] std::optional<ImageAttributes> find(const DiskPath& disk) override;
  [[nodiscard]] std::optional<std::string> find_attribute(const DiskPath& disk, const char* name) override;
  [[nodiscard]] std::vector<std::string> list() override;
  [[nodiscard]] ImageTotals totals() override;
  [[nodiscard]] std::unique_ptr<ImageFile> open(const DiskPath& disk) override;
  [[nodiscard]] std::unique_ptr<ImageFile> open_for_reading(const DiskPath& disk) override;
  [[nodiscard]] std::unique_ptr<ImageFile> create(const DiskPath& disk, unsigned mode) override;
  void link(const DiskPath& from, const DiskPath& to) override;
  bool remove(const DiskPath& disk) override;
  [[nodiscard]] VolumeSpace space() override;
  [[nodiscard]] std::string describe(const DiskPath& disk) const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ganeti::gluster
