// SPDX-License-Identifier: BSD-2-Clause
#include "disk/store_error.hpp"

#include <cerrno>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

struct Explanation {
  const char* why;
  const char* cure;
};

Explanation explain(int number) {
  switch (number) {
    case ENOSPC:
      return {"a brick has no space left", "free space on the bricks, or add some; see: df on each node"};
    case EDQUOT:
      return {"the quota of the folder of disks is used up", "see: gluster volume quota VOLUME list"};
    case EFBIG:
      return {"the bricks' file system cannot hold a file of that size", "choose a smaller size, or shard the volume"};
    case EOPNOTSUPP:
      return {"the bricks' file systems cannot do that", "to preallocate there, set preallocation = \"full\""};
    case ESTALE:
      return {"another process removed or replaced it a moment ago", "try again"};
    case EROFS:
      return {"the volume, or the mount, is read-only", "see the volume's features.read-only and the mount's options"};
    case EACCES:
    case EPERM:
      return {"the volume does not let root do that",
              "see the volume's options server.root-squash, auth.allow and features.worm"};
    default:
      return {"", ""};
  }
}

}  // namespace

void throw_store_error(int number, const std::string& subject, const char* failed) {
  // ECONNABORTED for who waited when the client died, EBADFD for a file that too few bricks kept open.
  if (number == ENOTCONN || number == ECONNABORTED || number == EBADFD) {
    throw MountError(Errc::mount_lost, {subject, failed, "the volume stopped answering",
                                        "check with: ganeti-gluster status; then try again"});
  }
  if (number == ELOOP || number == EXDEV || number == ENXIO) {
    throw ImageError(Errc::not_an_image, {subject, failed, "a symbolic link, a mount or a device stands in the path",
                                          "look at it with: ls -ld " + subject});
  }
  const auto [why, cure] = explain(number);
  throw ImageError(errno_code(number), {subject, failed, why, cure});
}

void throw_not_an_image(const std::string& subject, const char* failed) {
  throw ImageError(Errc::not_an_image, {subject, failed, {}, "look at it with: ls -ld " + subject});
}

void throw_silent_parts(const std::vector<std::string>& parts, const std::string& subject, const std::string& volume) {
  throw MountError(Errc::unreachable,
                   {subject, "cannot tell whether the image is there",
                    fmt::format("too few bricks of {} are up, and it may lie there", fmt::join(parts, ", ")),
                    fmt::format("bring them back; they are listed by: gluster volume status {}", volume)});
}

}  // namespace ganeti::gluster
