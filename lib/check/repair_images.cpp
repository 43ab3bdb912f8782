// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/fuse_store.hpp>
#include <ganeti-gluster/error.hpp>

#include "base/errno_error.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "check/repair.hpp"
#include "disk/image_state.hpp"

namespace ganeti::gluster {
namespace {

constexpr std::int64_t day_seconds = 86400;

// By the clock that gives the volume's files their times, not by this node's.
std::int64_t volume_time(const Lease& lease) {
  const auto name = fmt::format(".ganeti-gluster-time.{}", getpid());
  const UniqueFd file(openat(lease.root(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  struct stat status {};
  const bool is_known = file && fstat(file.get(), &status) == 0;
  const auto error = errno_code(errno);
  if (file) unlinkat(lease.root(), name.c_str(), 0);
  if (!is_known) throw MountError(error, {lease.storage_dir(), "cannot read the volume's clock", {}, {}});
  return status.st_mtim.tv_sec;
}

std::int64_t written_at(const Lease& lease, const DiskPath& disk) {
  struct stat status {};
  return fstatat(lease.root(), disk.text().c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_mtim.tv_sec : 0;
}

// @returns why it stays; empty: it is removed. The creator's lock, which all nodes see, is kept over the removal.
std::string remove_unfinished(ImageStore& store, const Lease& lease, const DiskPath& disk, std::int64_t now) {
  const auto found = store.find(disk);
  if (!found) return "is gone already";
  if (!is_unfinished(*found)) return "is complete by now";
  if (now - written_at(lease, disk) < day_seconds) return "is not a day old";
  const auto file = store.open(disk);
  if (!file->try_lock()) return "is being created";
  file->sync();  // so that the attributes are not old
  if (!is_unfinished(file->attributes())) return "is complete by now";
  store.remove(disk);
  return {};
}

std::string remove_all_unfinished(const RepairContext& context, const std::vector<std::string>& names) {
  const auto lease = context.mounter.ensure_mounted(GlusterVolume::parse(context.volume), Retry::at_once);
  FuseStore store(lease);
  const auto now = volume_time(lease);
  std::string said;
  for (const auto& name : names) {
    const auto why = remove_unfinished(store, lease, DiskPath(name), now);
    said += fmt::format("{}{} {}", said.empty() ? "" : "; ", name, why.empty() ? "is removed" : why + ", it stays");
  }
  return said;
}

}  // namespace

RepairStep plan_image_repair(const SharedRepair& context, const Finding& finding) {
  RepairStep step;
  if (finding.code != "UNFINISHED_IMAGE") return step;
  step.repair = "remove_unfinished_images";
  step.what = fmt::format("remove {}, if nobody creates it and it is a day old", fmt::join(finding.objects, ", "));
  step.act = [context, names = finding.objects] { return remove_all_unfinished(*context, names); };
  return step;
}

}  // namespace ganeti::gluster
