// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace ganeti::gluster {

/// The byte of an image that whoever creates or grows it locks, the same in every image store. Far behind all data:
/// QEMU locks some of the first 300 bytes of an image that a guest uses.
constexpr std::uint64_t creator_lock_place = 1ULL << 62U;

}  // namespace ganeti::gluster
