// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/mount/lease.hpp>

namespace ganeti::gluster {

/// Images on a mounted volume, reached through a lease: every path is resolved once, below the
/// lease's root, without symlinks and without leaving the volume. If the mount goes away, the
/// operation fails; it cannot land on the local disk.
class GANETI_GLUSTER_API FuseStore final : public ImageStore {
 public:
  /// @param lease must outlive the store.
  explicit FuseStore(const Lease& lease) noexcept : lease_(lease) {}

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
  const Lease& lease_;
};

}  // namespace ganeti::gluster
