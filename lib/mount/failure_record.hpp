// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <ganeti-gluster/error.hpp>

#include "mount/state_dir.hpp"

namespace ganeti::gluster {

/// The last mount attempt that failed, so that those who waited for it need not repeat it.
struct FailureRecord {
  std::string volume;  ///< GlusterVolume::to_string
  std::error_code code;
  ErrorText text;
  std::chrono::milliseconds time{0};  ///< since boot
};

[[nodiscard]] std::optional<FailureRecord> read_failure(const StateDir& state);
void write_failure(const StateDir& state, const FailureRecord& failure);

}  // namespace ganeti::gluster
