// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/image_content.hpp>
#include <ganeti-gluster/disk/image_label.hpp>
#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/settings/settings.hpp>

namespace ganeti::gluster {

/// What can be told about a complete image.
struct ImageInfo {
  std::uint64_t size_bytes = 0;       ///< apparent size, what a guest sees
  std::uint64_t allocated_bytes = 0;  ///< taken on one copy of the volume
  std::uint64_t links = 1;            ///< more than one: other names of the same data, as after a killed rename
};

/// Called during long work, with how many bytes of how many are done. What it throws cancels: the
/// caller gets what was thrown, and space that was being taken is given back.
using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t total_bytes)>;

/// How space is taken for an image.
struct SpaceOptions {
  Preallocation preallocation = Preallocation::off;
  Overcommit overcommit = Overcommit::warn;
  Progress progress = nullptr;  ///< may be empty
};

/// How the content of an image is moved.
struct ContentOptions {
  std::optional<std::int64_t> size_mib = {};         ///< only the first so many MiB; nothing: all of it
  Preallocation preallocation = Preallocation::off;  ///< import: unless it is off no space is given back
  Progress progress = nullptr;                       ///< may be empty
};

/// Works on the one image that backs a disk, in whatever store it lies. What it only tells, existence,
/// size and label, may miss a change that another node made within the last second.
class GANETI_GLUSTER_API FileDeviceHelper {
 public:
  /// @param store must outlive the helper.
  FileDeviceHelper(ImageStore& store, DiskPath disk);

  [[nodiscard]] const DiskPath& disk() const noexcept { return disk_; }

  /// Creates the image, mode 0600, durable when it returns. Exclusive: an existing image is never
  /// opened, truncated or replaced; what a killed creation left behind makes room.
  /// A failure leaves no image, a kill leaves none or an unfinished one.
  /// @param size_mib in MiB, at least 1.
  /// @param label is stored on the image, if there is one; its disk, size and time of creation are filled in. It
  /// costs the volume a transaction.
  /// @throws ImageError (EEXIST, invalid_size, EFBIG, ENOSPC if it is larger than the whole volume, or
  /// than what is free and preallocated or not to be overcommitted, ...), MountError
  void create(std::int64_t size_mib, std::optional<ImageLabel> label = std::nullopt, const SpaceOptions& options = {});

  /// @returns false only if the volume answered that there is no such image.
  /// @throws ImageError (not_an_image, unfinished_image), MountError
  [[nodiscard]] bool exists();

  /// @throws ImageError (ENOENT, not_an_image, unfinished_image), MountError
  [[nodiscard]] ImageInfo info();

  /// Apparent size in bytes; as info().
  [[nodiscard]] std::uint64_t size();

  /// Makes the image larger by @p amount_mib MiB (0 is allowed). Never shrinks, also when somebody else
  /// grows it at the same time. Durable when it returns; a failure leaves the old size. With
  /// preallocation the space of what is added is taken.
  /// @throws ImageError (invalid_size, ENOENT, not_an_image, unfinished_image, EFBIG, ENOSPC as
  /// create, EBUSY while another process grows it, ...), MountError
  void grow(std::int64_t amount_mib, const SpaceOptions& options = {});

  /// Checks all that grow checks and changes nothing.
  void check_grow(std::int64_t amount_mib, const SpaceOptions& options = {});

  /// Gives the image another name on the same volume; an existing image is never replaced. The helper
  /// follows. A move that was killed between its two steps is completed by repeating it.
  /// @throws ImageError (ENOENT, EEXIST, not_an_image, unfinished_image), MountError
  void move(const DiskPath& to);

  /// Removes the image, unfinished ones too. Idempotent. The bricks' file systems keep a removal in
  /// memory for some seconds: after a loss of power of all of them the image can be there again.
  /// Where a full volume has no room to note what is to be removed, the image is emptied first and,
  /// should the removal fail even then, unfinished.
  /// @returns whether there was one. @throws ImageError (not_an_image), MountError
  bool remove();

  /// Replaces the image's content by what comes from @p source, to its end, which must be as much as the
  /// image holds, or as @p options say. Durable when it returns. Zeros take no space, and where there
  /// was data it is given back. The size never changes; after a failure the content is undefined.
  /// Whether somebody uses the image, nobody checks.
  /// @throws ImageError (ENODATA if the source ends too early, EFBIG if it does not end in time,
  /// invalid_size if the image is smaller than the options say, ENOENT, not_an_image,
  /// unfinished_image, ENOSPC, ...), MountError, and what @p source throws
  void import_from(ContentSource& source, const ContentOptions& options = {});

  /// Writes the image's content, or as much of it as @p options say, to @p sink. Of an image that
  /// somebody writes to meanwhile the parts do not fit together.
  /// @throws ImageError (ENODATA if somebody makes it smaller meanwhile, invalid_size, ENOENT,
  /// not_an_image, unfinished_image, ...), MountError, and what @p sink throws
  void export_to(ContentSink& sink, const ContentOptions& options = {});

  /// What the image says of itself; nothing for one that says nothing, such as the stock backend's.
  /// @throws ImageError (ENOENT, not_an_image, unfinished_image), MountError
  [[nodiscard]] std::optional<ImageLabel> label();

  /// Replaces what the image says of itself, for all clients when it returns. Not waited for to be durable, as a label
  /// informs and never decides: the bricks' file systems write it down within some seconds. @throws as label()
  void set_label(const ImageLabel& label);

 private:
  [[nodiscard]] std::unique_ptr<ImageFile> create_or_take_over();
  void remove_leftover();
  bool remove_own(ImageFile& file);
  // The lock of who had it last goes a moment after his descriptor, or after his client.
  [[nodiscard]] static bool lock_patiently(ImageFile& file);
  // A write that failed behind our back is told by the first sync, and until then by every call.
  static void fetch_write_error(ImageFile& file);
  bool take_back(const DiskPath& name);
  [[nodiscard]] std::uint64_t content_bytes(ImageFile& file, const ContentOptions& options, const char* failed) const;
  void empty();
  [[nodiscard]] std::optional<ImageAttributes> find_complete();
  [[nodiscard]] ImageAttributes get_complete();
  [[nodiscard]] std::uint64_t grown_size(const ImageAttributes& image, std::int64_t amount_mib) const;
  [[noreturn]] void throw_exists(const char* why) const;
  [[noreturn]] void fail(std::error_code code, const char* failed, const std::string& why, const char* cure) const;

  ImageStore& store_;
  DiskPath disk_;
};

}  // namespace ganeti::gluster
