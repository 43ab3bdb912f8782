// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <limits>
#include <string>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// A threshold as monitoring plugins write it: `[@]start:end` (Monitoring Plugins Development Guidelines).
///
/// Both ends belong to it. `10` is `0:10`, `10:` has no end, `~:10` no start; an alert is due outside of it, or
/// inside if it begins with `@`.
struct Range {
  double start = 0;
  double end = std::numeric_limits<double>::infinity();
  bool is_inside = false;

  /// @throws Error (EINVAL) saying what is wrong with @p text.
  [[nodiscard]] static GANETI_GLUSTER_API Range parse(const std::string& text);
  [[nodiscard]] GANETI_GLUSTER_API bool alerts(double value) const noexcept;
  /// The same threshold as text, in the shortest form.
  [[nodiscard]] GANETI_GLUSTER_API std::string to_string() const;
};

}  // namespace ganeti::gluster
