// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/nbd/served_image.hpp"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "disk/image_state.hpp"
#include "disk/store_error.hpp"
#include "gfapi/worker/file.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* failed = "cannot serve the image";

off_t as_offset(std::uint64_t bytes) { return static_cast<off_t>(bytes); }

}  // namespace

ServedImage::ServedImage(const WorkerTask& task, const DiskPath& disk, bool read_only)
    : connection_(task, UnsyncedData::keep),
      file_(open(disk, fmt::format("{}/{}", task.volume.to_string(), disk.text()), read_only ? O_RDONLY : O_RDWR)) {}

GfapiFile ServedImage::open(const DiskPath& disk, const std::string& subject, int flags) {
  auto* volume = connection_.volume();
  auto* root = connection_.root();
  struct stat status {};
  GfapiObject folder;
  GfapiObject image;
  if (root != nullptr) folder = look_up(volume, root, DiskPath::folder(), status);
  if (folder && !S_ISDIR(status.st_mode)) throw_store_error(ELOOP, subject, failed);
  if (folder) image = look_up(volume, folder.get(), disk.file_name(), status);
  if (!image) throw_store_error(errno, subject, failed);
  const auto attributes = to_attributes(status);
  if (!attributes.is_regular) throw_not_an_image(subject, failed);
  if (is_unfinished(attributes)) throw ImageError(Errc::unfinished_image, {subject, failed, {}, {}});
  GfapiFile file(glfs_h_open(volume, image.get(), flags));
  if (!file) throw_store_error(errno, subject, failed);
  return file;
}

int ServedImage::size(std::uint64_t& bytes) const {
  struct stat status {};
  const int error = outcome(glfs_fstat(file_.get(), &status));
  bytes = static_cast<std::uint64_t>(status.st_size);
  return error;
}

int ServedImage::read(std::uint64_t offset, std::span<char> data) const {
  while (!data.empty()) {
    const auto got = glfs_pread(file_.get(), data.data(), data.size(), as_offset(offset), 0, nullptr);
    if (got <= 0) return got < 0 ? outcome(got) : EIO;
    data = data.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return 0;
}

int ServedImage::write(std::uint64_t offset, std::span<const char> data) const {
  return write_all(file_.get(), as_offset(offset), {data.data(), data.size()});
}

int ServedImage::flush() const { return outcome(glfs_fsync(file_.get(), nullptr, nullptr)); }

int ServedImage::punch(std::uint64_t offset, std::uint64_t length) const {
  return outcome(glfs_discard(file_.get(), as_offset(offset), length));
}

int ServedImage::zero(std::uint64_t offset, std::uint64_t length) const {
  return outcome(glfs_zerofill(file_.get(), as_offset(offset), as_offset(length)));
}

bool ServedImage::knows_holes() const { return glfs_lseek(file_.get(), 0, SEEK_DATA) >= 0 || errno == ENXIO; }

int ServedImage::visit_ranges(std::uint64_t offset, std::uint64_t end, const Visitor& visit) const {
  // What was written a moment ago, and is not on the bricks yet, would be taken for holes.
  std::uint64_t bytes = 0;
  int error = flush();
  if (error == 0) error = size(bytes);
  if (error != 0) return error;
  if (bytes < end) return EIO;
  while (offset < end) {
    const auto data = glfs_lseek(file_.get(), as_offset(offset), SEEK_DATA);
    if (data < 0 && errno != ENXIO) return outcome(data);
    const auto hole_end = data < 0 ? end : std::min(static_cast<std::uint64_t>(data), end);
    if (hole_end > offset && !visit(offset, hole_end - offset, true)) return 0;
    if (hole_end == end) return 0;
    const auto hole = glfs_lseek(file_.get(), data, SEEK_HOLE);
    if (hole <= data) return hole < 0 ? outcome(hole) : EIO;
    offset = static_cast<std::uint64_t>(hole);
    if (!visit(hole_end, offset - hole_end, false)) return 0;
  }
  return 0;
}

}  // namespace ganeti::gluster
