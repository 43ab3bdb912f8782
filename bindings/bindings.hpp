// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <pybind11/pybind11.h>

#include "text_enum.hpp"  // in every file: its caster must be the only one for these types

namespace ganeti::gluster::python {

namespace py = pybind11;

/// For each call that touches mounts, files, processes or names: other Python threads go on meanwhile.
using WithoutGil = py::call_guard<py::gil_scoped_release>;

/// Deletes what may unmount or log when it goes, without the GIL.
struct DeleteWithoutGil {
  template <typename T>
  void operator()(T* object) const {
    const py::gil_scoped_release released;
    delete object;
  }
};

// Each adds its classes and functions to the module. In this order: default arguments are Python
// objects, whose classes must be there.
void bind_errors(py::module_& module);
void bind_enums(py::module_& module);
void bind_volume(py::module_& module);
void bind_settings(py::module_& module);
void bind_status(py::module_& module);
void bind_mount(py::module_& module);
void bind_disk(py::module_& module);
void bind_forms(py::module_& module);
void bind_image(py::module_& module);
void bind_storage(py::module_& module);

/// Lets the library's messages go to Python's logging until the interpreter ends.
void connect_log();

}  // namespace ganeti::gluster::python
