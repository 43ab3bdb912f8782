// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include <ganeti-gluster/check/report.hpp>

namespace ganeti::gluster::tool {

struct TextStyle {
  bool color = false;
  bool ill_only = false;  ///< nothing but what counts
  bool probes = false;    ///< each probe with its time as well
  std::size_t width = 80;
};

/// What people read: the node's facts, then each finding with its consequence and cure.
[[nodiscard]] std::string text_output(const CheckReport& report, const TextStyle& style);

}  // namespace ganeti::gluster::tool
