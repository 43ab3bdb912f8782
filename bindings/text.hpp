// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bindings.hpp"

namespace ganeti::gluster::python {

/// Text that others wrote: names on a volume, commands, what a brick answered. It must always arrive,
/// so bytes that are no UTF-8 become `\xNN`.
inline py::str as_text(std::string_view text) {
  auto* made = PyUnicode_DecodeUTF8(text.data(), static_cast<py::ssize_t>(text.size()), "backslashreplace");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

inline py::list as_texts(const std::vector<std::string>& texts) {
  py::list list;
  for (const auto& text : texts) list.append(as_text(text));
  return list;
}

/// Adds a read-only attribute of such a text.
template <typename T>
void def_text(py::class_<T>& added_to, const char* name, std::string T::*member, const char* doc) {
  added_to.def_property_readonly(
      name, [member](const T& object) { return as_text(object.*member); }, doc);
}

template <typename T>
void def_texts(py::class_<T>& added_to, const char* name, std::vector<std::string> T::*member, const char* doc) {
  added_to.def_property_readonly(
      name, [member](const T& object) { return as_texts(object.*member); }, doc);
}

}  // namespace ganeti::gluster::python
