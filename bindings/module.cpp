// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/version.hpp>

#include "bindings.hpp"

PYBIND11_MODULE(_native, module) {
  namespace bound = ganeti::gluster::python;
  module.doc() =
      "Disks of Ganeti on GlusterFS volumes: the library libganeti-gluster.\n\n"
      "Its headers say more about each function. The GIL is released in all calls that can block; no\n"
      "thread is started in the process. Objects are for one thread at a time.";
  module.attr("__version__") = GANETI_GLUSTER_VERSION;
  module.attr("tool") = GANETI_GLUSTER_TOOL;  // for command lines that Ganeti runs
  bound::bind_errors(module);
  bound::bind_enums(module);
  bound::bind_volume(module);
  bound::bind_settings(module);
  bound::bind_status(module);
  bound::bind_mount(module);
  bound::bind_disk(module);
  bound::bind_forms(module);
  bound::bind_image(module);
  bound::bind_storage(module);
  bound::connect_log();
}
