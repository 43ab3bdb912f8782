// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <variant>

#include <pybind11/stl.h>

#include <ganeti-gluster/disk/disk_path.hpp>

#include "bindings.hpp"

namespace ganeti::gluster::python {

/// A disk as an argument, given as a DiskPath or as its text. (The text stands first since a variant
/// begins as its first type, and there is no empty DiskPath.)
using DiskArgument = std::variant<std::string, DiskPath>;

/// @throws ImageError (invalid_disk)
inline DiskPath disk_of(const DiskArgument& given) {
  if (const auto* text = std::get_if<std::string>(&given)) return DiskPath(*text);
  return std::get<DiskPath>(given);
}

}  // namespace ganeti::gluster::python
