// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cerrno>
#include <system_error>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

// The mark of an unfinished image is set by the very call that creates the file, so that no kill
// can come between, and taken away by the one call that completes it: a mode that no complete image
// has. The size decides nothing: Ganeti's wipe truncates and refills a complete image.
constexpr unsigned unfinished_mode = 0200;
constexpr unsigned image_mode = 0600;

[[nodiscard]] inline bool is_unfinished(const ImageAttributes& image) {
  return image.is_regular && image.mode == unfinished_mode;
}

/// GlusterFS's words for work on a file that has no name any more.
[[nodiscard]] inline bool is_gone(const ImageError& error) {
  return error.code() == std::errc::no_such_file_or_directory || error.code() == std::errc(ESTALE);
}

}  // namespace ganeti::gluster
