// SPDX-License-Identifier: BSD-2-Clause
#include "mount/mount_table.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <libmount/libmount.h>
#include <sys/sysmacros.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

struct Unref {
  void operator()(libmnt_table* table) const { mnt_unref_table(table); }
  void operator()(libmnt_iter* iterator) const { mnt_free_iter(iterator); }
  void operator()(libmnt_context* context) const { mnt_free_context(context); }
};
template <typename Handle>
using Owned = std::unique_ptr<Handle, Unref>;

std::string text(const char* value) { return value == nullptr ? std::string() : value; }

Owned<libmnt_context> new_context(const std::string& target) {
  Owned<libmnt_context> context(mnt_new_context());
  if (!context || mnt_context_set_target(context.get(), target.c_str()) != 0) {
    throw Error(errno_code(ENOMEM), {target, "cannot prepare a mount operation", {}, {}});
  }
  // Canonicalising would stat the target, which blocks for as long as a FUSE client hangs.
  mnt_context_disable_canonicalize(context.get(), 1);
  return context;
}

}  // namespace

std::vector<MountRow> read_mount_table(const std::string& file) {
  const Owned<libmnt_table> table(mnt_new_table());
  const int rc = table ? mnt_table_parse_file(table.get(), file.c_str()) : -ENOMEM;
  if (rc != 0) throw Error(errno_code(rc < 0 ? -rc : EIO), {file, "cannot read the mount table", {}, {}});
  const Owned<libmnt_iter> iterator(mnt_new_iter(MNT_ITER_FORWARD));
  std::vector<MountRow> rows;
  libmnt_fs* fs = nullptr;
  while (iterator && mnt_table_next_fs(table.get(), iterator.get(), &fs) == 0) {
    const auto device = mnt_fs_get_devno(fs);
    rows.push_back({mnt_fs_get_id(fs), major(device), minor(device), text(mnt_fs_get_root(fs)),
                    text(mnt_fs_get_target(fs)), text(mnt_fs_get_source(fs)), text(mnt_fs_get_fstype(fs)),
                    mnt_fs_match_options(fs, "ro") == 1});
  }
  return rows;
}

std::string libmount_version() {
  const char* version = nullptr;
  mnt_get_library_version(&version);
  return text(version);
}

int run_mount_helper(const std::string& source, const std::string& target, const std::string& options) {
  const auto context = new_context(target);
  mnt_context_disable_mtab(context.get(), 1);
  mnt_context_set_source(context.get(), source.c_str());
  mnt_context_set_fstype(context.get(), "glusterfs");
  mnt_context_set_options(context.get(), options.c_str());
  const int rc = mnt_context_mount(context.get());
  // A return code of 0 only means that the helper ran; the excode knows how it ended.
  std::array<char, 512> message{};
  const int status = mnt_context_get_excode(context.get(), rc, message.data(), message.size());
  if (message[0] != '\0') fmt::print(stderr, "{}\n", message.data());
  return status;
}

int unmount_once(const std::string& target, bool lazy) {
  const auto context = new_context(target);
  mnt_context_disable_mtab(context.get(), 1);
  mnt_context_disable_helpers(context.get(), 1);
  mnt_context_enable_lazy(context.get(), lazy ? 1 : 0);
  const int rc = mnt_context_umount(context.get());
  if (rc == 0) return 0;
  if (mnt_context_syscall_called(context.get()) == 1) {
    const int number = mnt_context_get_syscall_errno(context.get());
    if (number != 0) return number;
  }
  return rc < 0 ? -rc : EINVAL;  // no such row in the table
}

}  // namespace ganeti::gluster
