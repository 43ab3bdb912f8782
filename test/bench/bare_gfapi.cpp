// SPDX-License-Identifier: BSD-2-Clause
//
// What no use of libgfapi in a process of its own can do without: to connect, and to look at one path.
//   bare-gfapi HOST VOLUME PATH
#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include <glusterfs/api/glfs.h>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  auto* volume = glfs_new(argv[2]);
  glfs_set_volfile_server(volume, "tcp", argv[1], 24007);
  glfs_set_logging(volume, "/var/log/glusterfs/bare-gfapi.log", 7);
  if (glfs_init(volume) != 0) _exit(1);
  struct stat status {};
  const bool is_known = glfs_lstat(volume, argv[3], &status) == 0 || errno == ENOENT;
  _exit(is_known ? 0 : 1);  // closing takes eleven seconds
}
