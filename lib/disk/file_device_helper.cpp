// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/file_device_helper.hpp>

#include <cerrno>
#include <limits>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::int64_t mib = 1LL << 20U;
constexpr const char* too_large = "no file can be that large";
constexpr std::int64_t most_mib = std::numeric_limits<std::int64_t>::max() / mib;

// The mark of an unfinished image is set by the very call that creates the file, so that no kill
// can come between, and taken away by the one call that completes it: a mode that no complete image
// has. The size decides nothing: Ganeti's wipe truncates and refills a complete image.
constexpr unsigned unfinished_mode = 0200;
constexpr unsigned image_mode = 0600;

bool is_unfinished(const ImageAttributes& image) { return image.is_regular && image.mode == unfinished_mode; }

}  // namespace

FileDeviceHelper::FileDeviceHelper(ImageStore& store, DiskPath disk) : store_(store), disk_(std::move(disk)) {}

void FileDeviceHelper::fail(std::error_code code, const char* failed, const char* why, const char* cure) const {
  throw ImageError(code, {store_.describe(disk_), failed, why, cure});
}

std::unique_ptr<ImageFile> FileDeviceHelper::create_or_take_over() {
  const auto exists = [this](const char* why) {
    fail(errno_code(EEXIST), "cannot create the image", why,
         "find out whose it is; remove it only if no instance uses it");
  };
  std::unique_ptr<ImageFile> file;
  try {
    file = store_.create(disk_, unfinished_mode);
  } catch (const ImageError& error) {
    if (error.code() != std::errc::file_exists) throw;
    const auto found = store_.find(disk_);
    if (!found || !is_unfinished(*found)) exists("it exists already");
    file = store_.open(disk_);
  }
  // Whoever has the lock is the creator; looked at again, since another one may have finished it.
  if (!file->try_lock()) exists("another process is creating it, or was when the volume was lost");
  if (!is_unfinished(file->attributes())) exists("it exists already");
  return file;
}

void FileDeviceHelper::create(std::int64_t size_mib) {
  if (size_mib < 1) fail(Errc::invalid_size, "cannot create the image", "the size must be at least 1 MiB", "");
  if (size_mib > most_mib) fail(Errc::invalid_size, "cannot create the image", too_large, "");
  const auto size_bytes = static_cast<std::uint64_t>(size_mib * mib);
  if (size_bytes > store_.space().size_bytes) {
    fail(errno_code(ENOSPC), "cannot create the image", "it would be larger than the whole volume",
         "choose a smaller size, or add bricks to the volume");
  }
  const auto file = create_or_take_over();
  try {
    store_.sync_folder();  // before the commit, so that little can fail after it
    file->truncate(size_bytes);
    file->set_mode(image_mode);
    file->sync();
  } catch (...) {
    try {
      store_.remove(disk_);
    } catch (const std::exception& error) {
      log(LogLevel::warning, "{}: cannot remove the image after its creation failed: {}", store_.describe(disk_),
          error.what());
    }
    throw;
  }
}

std::optional<ImageAttributes> FileDeviceHelper::find_complete() {
  auto found = store_.find(disk_);
  if (!found) return std::nullopt;
  if (!found->is_regular) {
    fail(Errc::not_an_image, "cannot use the image", "what stands there is no regular file",
         "see what it is, and move it away");
  }
  if (is_unfinished(*found)) {
    fail(Errc::unfinished_image, "cannot use the image", "its creation was never completed",
         "create the disk again, or remove it");
  }
  return found;
}

bool FileDeviceHelper::exists() { return find_complete().has_value(); }

ImageInfo FileDeviceHelper::info() {
  const auto found = find_complete();
  if (!found) {
    fail(errno_code(ENOENT), "cannot use the image", "there is no such image on the volume",
         "check the disk's name and the volume");
  }
  return {found->size_bytes, found->allocated_bytes};
}

std::uint64_t FileDeviceHelper::size() { return info().size_bytes; }

void FileDeviceHelper::grow(std::int64_t amount_mib, bool dry_run) {
  if (amount_mib < 0)
    fail(Errc::invalid_size, "cannot grow the image", "the amount is negative", "images never shrink");
  const auto old_bytes = size();
  const auto room = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - old_bytes;
  if (amount_mib > most_mib || static_cast<std::uint64_t>(amount_mib * mib) > room) {
    fail(Errc::invalid_size, "cannot grow the image", too_large, "");
  }
  const auto new_bytes = old_bytes + static_cast<std::uint64_t>(amount_mib * mib);
  if (new_bytes > store_.space().size_bytes && amount_mib > 0) {
    fail(errno_code(ENOSPC), "cannot grow the image", "it would be larger than the whole volume",
         "choose a smaller amount, or add bricks to the volume");
  }
  if (dry_run || amount_mib == 0) return;
  const auto file = store_.open(disk_);
  file->truncate(new_bytes);
  file->sync();
}

bool FileDeviceHelper::remove() {
  const bool removed = store_.remove(disk_);
  if (removed) store_.sync_folder();
  return removed;
}

}  // namespace ganeti::gluster
