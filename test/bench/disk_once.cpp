// SPDX-License-Identifier: BSD-2-Clause
//
// Does one thing to one disk, for strace to count the system calls.
#include <string_view>

#include <fmt/format.h>

#include <ganeti-gluster/storage/gluster_storage.hpp>

namespace gg = ganeti::gluster;

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "usage: disk_once STORAGE_DIR VOLUME create|attach|remove DISK\n");
    return 2;
  }
  const std::string_view what = argv[3];
  gg::GlusterStorage storage(gg::Mounter(argv[1]), {gg::GlusterVolume::parse(argv[2]), gg::DiskPath(argv[4])},
                             gg::PathPolicy(gg::NodePaths().file_storage_paths_file));
  if (what == "create") return storage.create(1), 0;
  if (what == "attach") return storage.attach() ? 0 : 1;
  return storage.remove() ? 0 : 1;
}
