// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/file_device_helper.hpp>

#include <cerrno>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/try_to.hpp"
#include "disk/image_state.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* cannot_move = "cannot rename the image";

}  // namespace

FileDeviceHelper::FileDeviceHelper(ImageStore& store, DiskPath disk) : store_(store), disk_(std::move(disk)) {}

void FileDeviceHelper::fail(std::error_code code, const char* failed, const std::string& why, const char* cure) const {
  throw ImageError(code, {store_.describe(disk_), failed, why, cure});
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

ImageAttributes FileDeviceHelper::get_complete() {
  const auto found = find_complete();
  if (!found) {
    fail(errno_code(ENOENT), "cannot use the image", "there is no such image on the volume",
         "check the disk's name and the volume; a lost image is made anew, empty, by: gnt-instance recreate-disks");
  }
  return *found;
}

bool FileDeviceHelper::exists() { return find_complete().has_value(); }

ImageInfo FileDeviceHelper::info() {
  const auto image = get_complete();
  return {image.size_bytes, image.allocated_bytes, image.links};
}

std::uint64_t FileDeviceHelper::size() { return get_complete().size_bytes; }

void FileDeviceHelper::move(const DiskPath& to) {
  const auto image = get_complete();
  if (to == disk_) return;
  const auto file = store_.open(disk_);
  try {
    store_.link(disk_, to);
  } catch (const ImageError& error) {
    if (error.code() != std::errc::file_exists) throw;
    const auto there = store_.find(to);
    if (!there || there->inode != image.inode) {
      fail(errno_code(EEXIST), cannot_move, fmt::format("{} exists already", to.text()),
           "ganeti-gluster disk info tells whose it is; remove it only if no instance uses it");
    }
    // A move that was killed after its first step.
  }
  bool removed = false;
  try {
    file->sync();  // the new name is there to stay before the old one goes
    removed = store_.remove(disk_);
  } catch (const ImageError&) {
    try_to("take the new name back after renaming failed", store_.describe(disk_), [&] { take_back(to); });
    throw;
  }  // After a MountError nobody knows whether the old name went: the new one stays.
  if (!removed && take_back(to)) {
    fail(errno_code(ENOENT), cannot_move, "another process renamed it at the same time", "see: ganeti-gluster disk ls");
  }
  disk_ = to;
  try_to("note the new name on the image", store_.describe(disk_), [&] {
    if (auto label = this->label()) {
      label->disk = disk_.text();
      file->set_attribute(ImageLabel::attribute, label->format());
    }
    file->sync();
  });
}

// As long as the data has another name. @returns whether it had.
bool FileDeviceHelper::take_back(const DiskPath& name) {
  const auto file = store_.open(name);
  file->sync();  // so that the attributes are not old
  return file->attributes().links > 1 && store_.remove(name);
}

bool FileDeviceHelper::remove() {
  try {
    return store_.remove(disk_);
  } catch (const ImageError& error) {
    if (error.code() != std::errc::no_space_on_device) throw;
    empty();
    return store_.remove(disk_);
  }
}

// A full sharded volume has no room for the note of what is to be removed, until the image gives some.
void FileDeviceHelper::empty() {
  const auto file = store_.open(disk_);
  file->sync();                              // so that the attributes are not old
  if (file->attributes().links > 1) return;  // the other name's data
  file->set_mode(unfinished_mode);           // nobody shall take what is left for the disk
  file->truncate(0);
}

std::optional<ImageLabel> FileDeviceHelper::label() {
  static_cast<void>(get_complete());
  const auto text = store_.find_attribute(disk_, ImageLabel::attribute);
  return text ? std::optional(ImageLabel::parse(*text)) : std::nullopt;
}

void FileDeviceHelper::set_label(const ImageLabel& label) {
  static_cast<void>(get_complete());
  store_.open(disk_)->set_attribute(ImageLabel::attribute, label.format());
}

}  // namespace ganeti::gluster
