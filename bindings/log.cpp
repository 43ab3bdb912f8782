// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/log.hpp>

#include "bindings.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

// Python's numbers (logging.DEBUG and so on).
int python_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return 10;
    case LogLevel::info:
      return 20;
    case LogLevel::warning:
      return 30;
    case LogLevel::error:
      break;
  }
  return 40;
}

// Called with the GIL or without. What Python raises here has nowhere to go: it must neither fail
// the operation that logs nor be left pending for the next line of Python.
void write_to_logging(LogLevel level, std::string_view message) {
  const py::gil_scoped_acquire acquired;
  try {
    const auto logger = py::module_::import("logging").attr("getLogger")("ganeti_gluster");
    logger.attr("log")(python_level(level), "%s", as_text(message));
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("ganeti_gluster's log");
  }
}

}  // namespace

void connect_log() {
  set_log_sink(write_to_logging);
  // What is logged later, when modules are half torn down, goes to standard error.
  py::module_::import("atexit").attr("register")(py::cpp_function([] { set_log_sink({}); }));
}

}  // namespace ganeti::gluster::python
