// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::test {

/// The error that @p act ends with, if it is one of ours.
template <typename Act>
std::optional<VolumeError> refused(const Act& act) {
  try {
    act();
  } catch (const VolumeError& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace ganeti::gluster::test
