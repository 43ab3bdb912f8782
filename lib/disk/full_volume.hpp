// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

/// Throws ENOSPC if it is for want of space that a write to an image failed with @p error, which does not say so: a
/// replicated volume whose bricks get full one after the other loses its quorum over it, and tells that alone, as an
/// input/output error or as a file that is lost. @param failed is as in "cannot create the image".
/// @throws ImageError (ENOSPC)
void throw_if_full(const Error& error, ImageStore& store, const std::string& subject, const char* failed);

}  // namespace ganeti::gluster
