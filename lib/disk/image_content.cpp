// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/image_content.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "disk/full_volume.hpp"
#include "disk/mib.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* cannot_import = "cannot import the image";
constexpr const char* cannot_export = "cannot export the image";
// As the pages are that O_DIRECT reads into, and large enough for one request to each brick.
struct alignas(4096) Block {
  std::array<char, 1U << 20U> bytes;
};

bool are_zeros(std::span<const char> bytes) {
  return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

// Calls use(begin, end, is_zero) for the longest ranges in whose pieces there are nothing but zeros,
// or in each of whose pieces there is something else.
template <typename Use>
void for_each_range(std::span<const char> bytes, Use use) {
  // Smaller holes would save little space and cost more requests.
  constexpr std::size_t piece_bytes = 64U << 10U;
  const auto is_zero = [&](std::size_t at) {
    return are_zeros(bytes.subspan(at, std::min(piece_bytes, bytes.size() - at)));
  };
  for (std::size_t begin = 0; begin < bytes.size();) {
    const bool zero = is_zero(begin);
    auto end = begin + piece_bytes;
    while (end < bytes.size() && is_zero(end) == zero) end += piece_bytes;
    end = std::min(end, bytes.size());
    use(begin, end, zero);
    begin = end;
  }
}

// @returns less than there is room for only at the source's end.
std::size_t fill(ContentSource& source, std::span<char> buffer) {
  std::size_t got = 0;
  while (got < buffer.size()) {
    const auto more = source.read(buffer.subspan(got));
    if (more == 0) break;
    got += more;
  }
  return got;
}

// Makes ranges of an image, from its beginning to its end, read as zeros.
class Eraser {
 public:
  Eraser(ImageFile& file, bool keep_space) : file_(file), keep_space_(keep_space) {}

  void erase(std::uint64_t offset, std::uint64_t length) {
    if (offset + length <= hole_end_ || !has_data(offset, length)) return;
    if (!keep_space_) {
      try {
        return file_.punch(offset, length);
      } catch (const ImageError& error) {
        if (error.code() != std::errc::operation_not_supported) throw;
        keep_space_ = true;  // the bricks' file systems can do nothing else
      }
    }
    file_.write_zeros(offset, length);
  }

 private:
  bool has_data(std::uint64_t offset, std::uint64_t length) {
    if (const auto data = file_.find_data(offset)) {
      hole_end_ = *data;
      return hole_end_ < offset + length;
    }
    const auto old = std::span(old_->bytes).first(length);
    return !are_zeros(old.first(file_.read(offset, old)));
  }

  ImageFile& file_;
  bool keep_space_;
  std::uint64_t hole_end_ = 0;
  std::unique_ptr<Block> old_ = std::make_unique<Block>();
};

}  // namespace

std::uint64_t FileDeviceHelper::content_bytes(ImageFile& file, const ContentOptions& options,
                                              const char* failed) const {
  file.sync();  // so that the attributes are not old, and what was written on this node is on the bricks
  const auto image = file.attributes();
  if (!options.size_mib) return image.size_bytes;
  if (*options.size_mib >= 1 && *options.size_mib <= static_cast<std::int64_t>(image.size_bytes) / mib) {
    return static_cast<std::uint64_t>(*options.size_mib * mib);
  }
  fail(Errc::invalid_size, failed,
       fmt::format("it has {} bytes, and {} MiB are wanted of it", image.size_bytes, *options.size_mib),
       "see whose image it is: ganeti-gluster disk info");
}

void FileDeviceHelper::import_from(ContentSource& source, const ContentOptions& options) {
  static_cast<void>(get_complete());
  const auto file = store_.open(disk_);
  const auto total = content_bytes(*file, options, cannot_import);
  const auto block = std::make_unique<Block>();
  Eraser eraser(*file, options.preallocation != Preallocation::off);
  const auto writing = [&](auto write) {
    try {
      write();
    } catch (const Error& error) {
      throw_if_full(error, store_, store_.describe(disk_), cannot_import);
      throw;
    }
  };
  try {
    for (std::uint64_t done = 0; done < total;) {
      const auto wanted = std::min<std::uint64_t>(block->bytes.size(), total - done);
      const auto got = std::span<const char>(block->bytes).first(fill(source, std::span(block->bytes).first(wanted)));
      for_each_range(got, [&](std::size_t begin, std::size_t end, bool is_zero) {
        writing([&] {
          if (is_zero) return eraser.erase(done + begin, end - begin);
          file->write(done + begin, got.subspan(begin, end - begin));
        });
      });
      done += got.size();
      if (got.size() < wanted) {
        fail(errno_code(ENODATA), cannot_import, fmt::format("the input ended after {} bytes of {}", done, total),
             "find out why its sender stopped, and import it again");
      }
      if (options.progress) options.progress(done, total);
    }
    if (fill(source, std::span(block->bytes).first(1)) > 0) {
      fail(errno_code(EFBIG), cannot_import, fmt::format("the input is longer than {} bytes", total),
           "import it into a disk of its size");
    }
    writing([&] { file->sync(); });
    if (file->attributes().links == 0) {
      fail(errno_code(ENOENT), cannot_import, "another process removed it in the meantime", "");
    }
  } catch (...) {
    log(LogLevel::warning, "{}: what the image contains after the failed import is undefined", store_.describe(disk_));
    throw;
  }
}

void FileDeviceHelper::export_to(ContentSink& sink, const ContentOptions& options) {
  static_cast<void>(get_complete());
  const auto file = store_.open_for_reading(disk_);
  const auto total = content_bytes(*file, options, cannot_export);
  const auto block = std::make_unique<Block>();
  std::uint64_t hole_end = 0;
  for (std::uint64_t done = 0; done < total;) {
    const auto wanted = std::min<std::uint64_t>(block->bytes.size(), total - done);
    if (done + wanted <= hole_end) {
      sink.write_zeros(wanted);
    } else {
      // Always a whole block: O_DIRECT may refuse odd lengths.
      const auto got = std::span<const char>(block->bytes).first(std::min(wanted, file->read(done, block->bytes)));
      if (got.size() < wanted) {
        fail(errno_code(ENODATA), cannot_export, fmt::format("it ended after {} bytes of {}", done + got.size(), total),
             "somebody made it smaller; find out who");
      }
      for_each_range(got, [&](std::size_t begin, std::size_t end, bool is_zero) {
        if (is_zero) return sink.write_zeros(end - begin);
        sink.write(got.subspan(begin, end - begin));
      });
      // To ask each time would cost something where there is nothing but data.
      if (are_zeros(got)) hole_end = file->find_data(done + wanted).value_or(0);
    }
    done += wanted;
    if (options.progress) options.progress(done, total);
  }
}

}  // namespace ganeti::gluster
