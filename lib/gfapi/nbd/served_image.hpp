// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <ganeti-gluster/disk/disk_path.hpp>

#include "gfapi/worker/connection.hpp"

namespace ganeti::gluster {

/// A complete image, open by libgfapi for as long as the process lives, that many threads read and write.
///
/// All clients share one open file, so that what one of them has flushed covers what the others wrote before. What
/// works on the image answers with an errno instead of throwing.
class ServedImage {
 public:
  /// Connects and opens the image; blocks for as long as libgfapi does.
  /// @throws MountError (connect_failed, mount_lost), ImageError (not_an_image, unfinished_image, an errno)
  ServedImage(const WorkerTask& task, const DiskPath& disk, bool read_only);

  /// How large the image is now: another process may have grown it.
  [[nodiscard]] int size(std::uint64_t& bytes) const;
  /// EIO if the image ends before that.
  [[nodiscard]] int read(std::uint64_t offset, std::span<char> data) const;
  [[nodiscard]] int write(std::uint64_t offset, std::span<const char> data) const;
  /// Makes durable all that was written, by whomever.
  [[nodiscard]] int flush() const;
  /// Gives the space of a range back; EOPNOTSUPP where the bricks cannot.
  [[nodiscard]] int punch(std::uint64_t offset, std::uint64_t length) const;
  /// Makes a range read as zeros and keeps its space; EOPNOTSUPP where the bricks cannot but by writing.
  [[nodiscard]] int zero(std::uint64_t offset, std::uint64_t length) const;

  /// Whether the volume tells where its images have data; sharded ones do not.
  [[nodiscard]] bool knows_holes() const;
  /// Visits ranges from @p offset on, data and holes in turn, until @p end or until the visitor wants no more.
  using Visitor = std::function<bool(std::uint64_t offset, std::uint64_t length, bool is_hole)>;
  [[nodiscard]] int visit_ranges(std::uint64_t offset, std::uint64_t end, const Visitor& visit) const;

 private:
  [[nodiscard]] GfapiFile open(const DiskPath& disk, const std::string& subject, int flags);

  GfapiConnection connection_;
  GfapiFile file_;
};

}  // namespace ganeti::gluster
