// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <chrono>
#include <thread>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/try_to.hpp"
#include "disk/image_state.hpp"
#include "disk/mib.hpp"
#include "disk/take_space.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* cannot_create = "cannot create the image";
constexpr const char* taken = "another process is creating it, or was when the volume was lost";

}  // namespace

void FileDeviceHelper::throw_exists(const char* why) const {
  fail(errno_code(EEXIST), cannot_create, why,
       "ganeti-gluster disk info tells whose it is; remove it only if no instance uses it");
}

std::unique_ptr<ImageFile> FileDeviceHelper::create_or_take_over() {
  const auto create_new = [this]() -> std::unique_ptr<ImageFile> {
    try {
      return store_.create(disk_, unfinished_mode);
    } catch (const ImageError& error) {
      if (error.code() == std::errc::file_exists) return nullptr;
      throw;
    }
  };
  auto file = create_new();
  if (!file) {
    remove_leftover();
    file = create_new();
  }
  if (!file || !file->try_lock()) throw_exists(taken);
  return file;
}

// A leftover is not used again but makes room: nothing of its content, and nothing of what clients
// remember of it, can get into the new image. Its creator, if he was only slow, finds it gone.
void FileDeviceHelper::remove_leftover() {
  constexpr const char* complete = "it exists already";
  const auto found = store_.find(disk_);
  if (!found) return;
  if (!is_unfinished(*found)) throw_exists(complete);
  try {
    const auto file = store_.open(disk_);
    if (!lock_patiently(*file)) throw_exists(taken);
    file->sync();  // so that the attributes are not old: another one may have finished or removed it
    const auto leftover = file->attributes();
    if (leftover.links == 0) return;
    if (!is_unfinished(leftover)) throw_exists(complete);
    remove();
  } catch (const ImageError& error) {
    if (!is_gone(error)) throw;
  }
}

void FileDeviceHelper::create(std::int64_t size_mib, std::optional<ImageLabel> label, const SpaceOptions& options) {
  if (size_mib < 1) fail(Errc::invalid_size, cannot_create, "the size must be at least 1 MiB", "");
  if (size_mib > most_mib) fail(Errc::invalid_size, cannot_create, too_large, "");
  const auto size_bytes = static_cast<std::uint64_t>(size_mib * mib);
  const SpaceNeed need{store_.describe(disk_), cannot_create, size_bytes, 0, size_bytes};
  if (label) {
    label->disk = disk_.text();
    label->size_mib = static_cast<std::uint64_t>(size_mib);
    label->created = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  const auto file = create_or_take_over();
  try {
    if (label) file->set_attribute(ImageLabel::attribute, label->format());
    check_space(store_, need, options);
    file->truncate(size_bytes);
    take_space(store_, *file, need, options);
    file->set_mode(image_mode);
    file->sync();
    if (file->attributes().links > 0) return;  // else it was taken for a leftover before it was locked
  } catch (...) {
    bool was_there = true;
    try_to("remove the image after its creation failed", need.subject, [&] { was_there = remove_own(*file); });
    if (was_there) throw;
  }
  throw_exists("another process removed it in the meantime, and may have created it anew");
}

// @returns false if it has no name any more: what lies under the name may be another's by now.
bool FileDeviceHelper::remove_own(ImageFile& file) {
  fetch_write_error(file);
  try {
    if (file.attributes().links == 0) return false;
  } catch (const ImageError& error) {
    if (is_gone(error)) return false;
    throw;
  }
  const auto subject = store_.describe(disk_);
  try_to("mark what is left of the image", subject, [&] { file.set_mode(unfinished_mode); });
  // For the sake of a full volume, which may have no room for a removal.
  try_to("empty what is left of the image", subject, [&] { file.truncate(0); });
  store_.remove(disk_);
  return true;
}

bool FileDeviceHelper::lock_patiently(ImageFile& file) {
  constexpr std::chrono::seconds patience{2};
  constexpr std::chrono::milliseconds pause{10};
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!file.try_lock()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

void FileDeviceHelper::fetch_write_error(ImageFile& file) {
  try {
    file.sync();
  } catch (const Error&) {
    // The caller's error is the same one, or the better one.
  }
}

}  // namespace ganeti::gluster
