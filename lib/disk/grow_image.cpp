// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/try_to.hpp"
#include "disk/mib.hpp"
#include "disk/take_space.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* cannot_grow = "cannot grow the image";

SpaceNeed need_of(const std::string& subject, const ImageAttributes& image, std::uint64_t new_bytes) {
  const auto filled = std::min(image.allocated_bytes, new_bytes);
  return {subject, cannot_grow, new_bytes, image.size_bytes, new_bytes - filled};
}

}  // namespace

std::uint64_t FileDeviceHelper::grown_size(const ImageAttributes& image, std::int64_t amount_mib) const {
  if (amount_mib < 0) fail(Errc::invalid_size, cannot_grow, "the amount is negative", "images never shrink");
  const auto room = static_cast<std::uint64_t>(most_bytes) - image.size_bytes;
  if (amount_mib > most_mib || static_cast<std::uint64_t>(amount_mib * mib) > room) {
    fail(Errc::invalid_size, cannot_grow, too_large, "");
  }
  return image.size_bytes + static_cast<std::uint64_t>(amount_mib * mib);
}

void FileDeviceHelper::check_grow(std::int64_t amount_mib, const SpaceOptions& options) {
  const auto image = get_complete();
  const auto new_bytes = grown_size(image, amount_mib);
  if (amount_mib > 0) check_space(store_, need_of(store_.describe(disk_), image, new_bytes), options);
}

void FileDeviceHelper::grow(std::int64_t amount_mib, const SpaceOptions& options) {
  static_cast<void>(grown_size(get_complete(), amount_mib));  // says at once what can never be
  if (amount_mib == 0) return;
  const auto subject = store_.describe(disk_);
  const auto file = store_.open(disk_);
  if (!lock_patiently(*file)) {
    fail(errno_code(EBUSY), cannot_grow, "another process is growing it, or was when the volume was lost",
         "try again when that one is done");
  }
  file->sync();  // so that the size is not old: a smaller one that is set would shrink the image
  const auto image = file->attributes();
  const auto need = need_of(subject, image, grown_size(image, amount_mib));
  check_space(store_, need, options);
  try {
    file->truncate(need.size_bytes);
    take_space(store_, *file, need, options);
    file->sync();
  } catch (...) {
    fetch_write_error(*file);
    try_to("give the image its old size back", subject, [&] { file->truncate(image.size_bytes); });
    throw;
  }
  try_to("note the new size on the image", subject, [&] {
    auto label = this->label();
    if (!label) return;
    label->size_mib = need.size_bytes / static_cast<std::uint64_t>(mib);
    file->set_attribute(ImageLabel::attribute, label->format());
  });
}

}  // namespace ganeti::gluster
