// SPDX-License-Identifier: BSD-2-Clause
#include "disk/take_space.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "disk/full_volume.hpp"
#include "disk/mib.hpp"

namespace ganeti::gluster {
namespace {

constexpr auto mib_bytes = static_cast<std::uint64_t>(mib);
constexpr std::uint64_t chunk_bytes = 64 * mib_bytes;

std::uint64_t in_mib(std::uint64_t bytes) { return (bytes + mib_bytes - 1) / mib_bytes; }

[[noreturn]] void throw_no_space(const SpaceNeed& need, const std::string& why, const char* cure) {
  throw ImageError(errno_code(ENOSPC), {need.subject, need.failed, why, cure});
}

std::string more_than_is_free(std::uint64_t wanted, const VolumeSpace& space) {
  return fmt::format("{} MiB are wanted and {} MiB are free on the volume", in_mib(wanted),
                     space.free_bytes / mib_bytes);
}

// Zeros are written to what was reserved before, if the bricks' file systems can reserve. Else, when bricks get full,
// of the writes that are under way at once some would fail on one brick and some on another. Then each brick has data
// that the other lacks (split-brain), and GlusterFS gives the file to nobody, not even to be removed, until that is
// healed.
class Reserver {
 public:
  Reserver(ImageFile& file, Preallocation preallocation)
      : file_(file), must_reserve_(preallocation == Preallocation::falloc) {}

  void reserve(std::uint64_t offset, std::uint64_t length) {
    if (!can_reserve_) return;
    try {
      file_.allocate(offset, length);
    } catch (const ImageError& error) {
      if (must_reserve_ || error.code() != std::errc::operation_not_supported) throw;
      can_reserve_ = false;
    }
  }

 private:
  ImageFile& file_;
  bool must_reserve_;
  bool can_reserve_ = true;
};

void take_chunks(ImageStore& store, ImageFile& file, const SpaceNeed& need, const SpaceOptions& options) {
  const auto total = need.size_bytes - need.old_bytes;
  Reserver reserver(file, options.preallocation);
  for (std::uint64_t done = 0; done < total;) {
    const auto length = std::min(chunk_bytes, total - done);
    const auto space = store.space();
    if (length > space.free_bytes) {
      throw_no_space(need, more_than_is_free(total - done, space) + fmt::format(", after {} MiB", in_mib(done)),
                     "free some space, or choose a smaller size");
    }
    reserver.reserve(need.old_bytes + done, length);
    if (options.preallocation == Preallocation::full) file.write_zeros(need.old_bytes + done, length);
    done += length;
    if (options.progress) options.progress(done, total);
  }
}

}  // namespace

void check_space(ImageStore& store, const SpaceNeed& need, const SpaceOptions& options) {
  const auto space = store.space();
  if (need.size_bytes > space.size_bytes) {
    throw_no_space(need,
                   fmt::format("{} MiB are more than the whole volume has, {} MiB (of one copy, divided by the number "
                               "of bricks that share a file system)",
                               in_mib(need.size_bytes), space.size_bytes / mib_bytes),
                   "choose a smaller size, or add bricks to the volume");
  }
  if (options.preallocation != Preallocation::off) {
    const auto wanted = need.size_bytes - need.old_bytes;
    if (wanted <= space.free_bytes) return;
    throw_no_space(need, more_than_is_free(wanted, space) + ", to be taken at once",
                   "free some space, choose a smaller size, or set preallocation = \"off\"");
  }
  if (need.unfilled_bytes <= space.free_bytes || options.overcommit == Overcommit::allow) return;
  const auto why = more_than_is_free(need.unfilled_bytes, space) + ", so that it could not be filled";
  if (options.overcommit == Overcommit::refuse) {
    throw_no_space(need, why, "free some space, choose a smaller size, or set overcommit = \"allow\"");
  }
  log(LogLevel::warning, "{}: {}", need.subject, why);
}

void take_space(ImageStore& store, ImageFile& file, const SpaceNeed& need, const SpaceOptions& options) {
  if (options.preallocation == Preallocation::off) return;
  try {
    take_chunks(store, file, need, options);
    // What was written may fail as late as this.
    if (options.preallocation == Preallocation::full) file.sync();
  } catch (const Error& error) {
    throw_if_full(error, store, need.subject, need.failed);
    throw;
  }
}

}  // namespace ganeti::gluster
