// SPDX-License-Identifier: BSD-2-Clause
#include <exception>

#include <ganeti-gluster/error.hpp>

#include "bindings.hpp"
#include "text.hpp"

namespace ganeti::gluster::python {
namespace {

// Kept for as long as the process lives: errors are raised until its very end.
struct ErrorClasses {
  py::handle error, volume, mount, image, path_policy, settings;
};

ErrorClasses& classes() {
  static ErrorClasses made;
  return made;
}

py::handle class_of(const Error& error) {
  if (dynamic_cast<const VolumeError*>(&error) != nullptr) return classes().volume;
  if (dynamic_cast<const MountError*>(&error) != nullptr) return classes().mount;
  if (dynamic_cast<const ImageError*>(&error) != nullptr) return classes().image;
  if (dynamic_cast<const PathPolicyError*>(&error) != nullptr) return classes().path_policy;
  if (dynamic_cast<const SettingsError*>(&error) != nullptr) return classes().settings;
  return classes().error;
}

// A number of our own category would read as an errno, and as a wrong one.
py::object errno_of(const std::error_code& code) {
  if (code.category() != std::generic_category()) return py::none();
  return py::int_(code.value());
}

void raise(const Error& error) {
  const auto raised_class = class_of(error);
  const auto raised = raised_class(as_text(error.what()));
  raised.attr("code") = as_text(code_name(error.code()));
  raised.attr("errno") = errno_of(error.code());
  raised.attr("subject") = as_text(error.text().subject);
  raised.attr("failed") = as_text(error.text().failed);
  raised.attr("why") = as_text(error.text().why.empty() ? error.code().message() : error.text().why);
  raised.attr("cure") = as_text(error.text().cure);
  PyErr_SetObject(raised_class.ptr(), raised.ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(std::move(thrown));
  } catch (const Error& error) {
    raise(error);
  }
}

py::handle make_class(py::module_& module, const char* name, py::handle base, const char* doc, const py::dict& fields) {
  const auto full_name = module.attr("__name__").cast<std::string>() + "." + name;
  auto made = py::reinterpret_steal<py::object>(
      PyErr_NewExceptionWithDoc(full_name.c_str(), doc, base.ptr(), py::dict(fields).ptr()));
  if (!made) throw py::error_already_set();
  module.attr(name) = made;
  return made.release();
}

}  // namespace

void bind_errors(py::module_& module) {
  py::dict fields;  // of an error that Python code makes itself
  for (const auto* name : {"code", "subject", "failed", "why", "cure"}) fields[name] = "";
  fields["errno"] = py::none();
  auto& made = classes();
  made.error = make_class(module, "Error", PyExc_Exception,
                          "Root of all errors of the library; its text is one line, `subject: failed: why; cure`.\n\n"
                          "code is a stable name, of Errc or of an errno; errno the number, or None for an Errc.",
                          fields);
  const auto leaf = [&](const char* name, const char* doc) {
    return make_class(module, name, made.error, doc, py::dict());
  };
  made.volume = leaf("VolumeError", "The volume as it is written down: names, addresses, transport.");
  made.mount = leaf("MountError", "The storage dir and what is mounted on it.");
  made.image = leaf("ImageError", "One image and what was to be done with it.");
  made.path_policy =
      leaf("PathPolicyError", "A path that Ganeti's rules for file storage do not allow; why is Ganeti's own message.");
  made.settings = leaf("SettingsError", "The settings file or Ganeti's own files.");
  py::register_local_exception_translator(translate);
}

}  // namespace ganeti::gluster::python
