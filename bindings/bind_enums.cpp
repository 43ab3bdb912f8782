// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/error.hpp>

#include "bindings.hpp"

namespace ganeti::gluster::python {
namespace {

py::object make_class(py::module_& module, const char* name, const char* doc, const py::dict& members) {
  auto made = py::module_::import("enum").attr("StrEnum")(name, members, py::arg("module") = module.attr("__name__"));
  made.attr("__doc__") = doc;
  module.attr(name) = made;
  return made;
}

template <typename E>
void bind_enum(py::module_& module) {
  using Table = TextEnum<E>;
  py::dict members;
  for (const auto& row : Table::rows) members[row.name] = enum_text(row);
  text_enum_class<E> = make_class(module, Table::name.text, Table::doc, members).release().ptr();
}

}  // namespace

void bind_enums(py::module_& module) {
  py::dict codes;
  for (auto value = static_cast<int>(Errc::invalid_volume); value <= static_cast<int>(Errc::connect_failed); ++value) {
    const auto name = code_name(make_error_code(static_cast<Errc>(value)));
    codes[name.c_str()] = name;
  }
  make_class(module, "Errc", "What errno cannot say: the codes of errors that are not named as an errno.", codes);
  bind_enum<Transport>(module);
  bind_enum<Preallocation>(module);
  bind_enum<Overcommit>(module);
  bind_enum<StoreKind>(module);
  bind_enum<DiskAccess>(module);
  bind_enum<HoldReason>(module);
  bind_enum<Release>(module);
  bind_enum<Retry>(module);
  bind_enum<MountState>(module);
  bind_enum<DiskState>(module);
}

}  // namespace ganeti::gluster::python
