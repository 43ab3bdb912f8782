// SPDX-License-Identifier: BSD-2-Clause
#include "disk/full_volume.hpp"

#include <cerrno>

#include "disk/mib.hpp"
#include "disk/store_error.hpp"

namespace ganeti::gluster {
namespace {

// Whether not even one write more would fit.
bool is_full(ImageStore& store) {
  try {
    return store.space().free_bytes < 2 * static_cast<std::uint64_t>(mib);
  } catch (const Error&) {  // what failed before is the cause
    return false;
  }
}

}  // namespace

void throw_if_full(const Error& error, ImageStore& store, const std::string& subject, const char* failed) {
  if (error.code() != std::errc::io_error && error.code() != Errc::mount_lost) return;
  if (is_full(store)) throw_store_error(ENOSPC, subject, failed);
}

}  // namespace ganeti::gluster
