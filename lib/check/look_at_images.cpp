// SPDX-License-Identifier: BSD-2-Clause
//
// What lies in the folder of disks: unfinished images, and on the master those that belong to nobody.
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/disk/image_label.hpp>

#include "base/errno_error.hpp"
#include "base/file.hpp"
#include "check/ask_volume.hpp"
#include "disk/creator_lock.hpp"
#include "disk/image_state.hpp"

namespace ganeti::gluster {
namespace {

using Json = nlohmann::json;

// A creation that is under way is no finding. @returns true if nobody on any node has the creator's lock.
bool is_abandoned(int folder, const char* name) {
  const UniqueFd file(openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = static_cast<off_t>(creator_lock_place);
  range.l_len = 1;
  return file && fcntl(file.get(), F_OFD_GETLK, &range) == 0 && range.l_type == F_UNLCK;
}

// An image exists for a moment before its creator has the lock, and after.
bool is_young(const struct stat& status) {
  constexpr std::int64_t young_seconds = 60;
  return std::abs(std::time(nullptr) - status.st_mtim.tv_sec) < young_seconds;
}

std::string label_of(int folder, const char* name) {
  const UniqueFd file(openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  std::string text(XATTR_SIZE_MAX, '\0');
  const auto path = fmt::format("/proc/self/fd/{}", file.get());
  const auto size = getxattr(path.c_str(), ImageLabel::attribute, text.data(), text.size());
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

bool is_refusal(int error) { return error == EACCES || error == EPERM; }

// The kernel believes that root may do anything, and the client that a file is open before it asked; only the volume
// knows. Nothing is changed.
int try_to_open_for_writing(int folder, const char* name) {
  const UniqueFd file(openat(folder, name, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  return file && fdatasync(file.get()) == 0 ? 0 : errno;
}

// Whose images there may be: what the cluster's configuration has.
struct Owners {
  std::string cluster;
  std::set<std::string> disks;  // attached or not: their uuids and the paths of their images
  std::int64_t now = 0;
};

// An image is made before the cluster's configuration has its disk.
bool is_new(const ImageLabel& label, std::int64_t now) {
  constexpr std::int64_t day_seconds = 86400;
  return !label.created || now - label.created->time_since_epoch().count() < day_seconds;
}

// An image is nobody's by what its label says; the name only spares a look at the label.
bool is_orphaned(int folder, const char* name, const Owners& owners) {
  if (owners.disks.contains(DiskPath::folder() + "/" + name)) return false;
  const auto label = ImageLabel::parse(label_of(folder, name));
  return label.cluster == owners.cluster && !is_new(label, owners.now) && !owners.disks.contains(label.disk_uuid);
}

// @param owners none: not the master, which alone knows them
Json walk(int root, const std::optional<Owners>& owners) {
  Json answer{{"count", 0},
              {"bytes", 0},
              {"unfinished", Json::array()},
              {"orphaned", Json::array()},
              {"knows_owners", owners.has_value()}};
  const int folder = openat(root, DiskPath::folder().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 && is_refusal(errno)) answer["refused"] = errno;
  if (folder < 0) return errno == ENOENT || is_refusal(errno) ? answer : Json{{"error", errno}};
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fdopendir(folder), closedir);
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  while (const dirent* entry = readdir(dir.get())) {
    struct stat status {};
    const bool is_seen = fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (!is_seen && is_refusal(errno)) answer["refused"] = errno;
    if (!is_seen || !S_ISREG(status.st_mode)) continue;
    ++count;
    bytes += static_cast<std::uint64_t>(status.st_size);
    if (count == 1 && !answer.contains("refused")) answer["refused"] = try_to_open_for_writing(folder, entry->d_name);
    const bool is_marked = (status.st_mode & 07777U) == unfinished_mode;
    if (is_marked && !is_young(status) && is_abandoned(folder, entry->d_name))
      answer["unfinished"].push_back(entry->d_name);
    if (owners && !is_marked && is_orphaned(folder, entry->d_name, *owners)) {
      answer["orphaned"].push_back(entry->d_name);
    }
  }
  answer["count"] = count;
  answer["bytes"] = bytes;
  return answer;
}

// Names of images as Ganeti writes them. Whatever else lies there is nobody's image.
std::vector<std::string> disks_of(const Json& names) {
  std::vector<std::string> disks;
  for (const auto& name : names) {
    try {
      disks.push_back(DiskPath(DiskPath::folder() + "/" + name.get<std::string>()).text());
    } catch (const ImageError&) {
    }
  }
  return disks;
}

bool is_master(const CheckContext& context) {
  const auto master = read_linked_file(context.options.paths.ganeti_data_dir + "/ssconf_master_node").value_or("");
  return !master.empty() && master.substr(0, master.find('\n')) == context.report.node;
}

std::optional<Owners> read_owners(const CheckContext& context) {
  const auto text = read_linked_file(context.options.paths.ganeti_data_dir + "/config.data");
  const auto config = Json::parse(text.value_or(""), nullptr, false);
  if (!config.is_object() || !config.contains("disks") || !config["disks"].is_object()) return std::nullopt;
  Owners owners{cluster_name(context.options.paths), {}, context.report.time};
  for (const auto& [uuid, disk] : config["disks"].items()) {
    owners.disks.insert(uuid);
    if (!disk.contains("logical_id") || !disk["logical_id"].is_array()) continue;
    for (const auto& part : disk["logical_id"]) {
      if (part.is_string()) owners.disks.insert(part.get<std::string>());
    }
  }
  return owners;
}

}  // namespace

VolumeQuestion question_of_images(const CheckContext& context) {
  return [&context](int root) { return walk(root, is_master(context) ? read_owners(context) : std::nullopt); };
}

void look_at_images(CheckContext& context) {
  if (context.status.state == MountState::not_mounted) return;
  if (context.images_answer.empty()) throw CannotJudge("no answer of the volume");
  const auto answer = Json::parse(context.images_answer);
  refuse_error(answer);
  context.report.measured.images = answer.at("count").get<std::uint64_t>();
  context.report.measured.images_bytes = answer.at("bytes").get<std::uint64_t>();
  if (const int refused = answer.value("refused", 0); is_refusal(refused)) {
    context
        .add("ROOT_SQUASHED", "root cannot work on images: " + errno_code(refused).message(),
             "gluster volume get VOLUME server.root-squash; gluster volume get VOLUME storage.owner-uid")
        .instances = context.instances;
  }
  if (auto disks = disks_of(answer.at("unfinished")); !disks.empty()) {
    const auto evidence = some_of(disks);
    context.add("UNFINISHED_IMAGE", evidence, "gluster-mount-check --repair", std::move(disks));
  }
  if (auto disks = disks_of(answer.at("orphaned")); !disks.empty()) {
    const auto evidence = fmt::format("{} of cluster {}", some_of(disks), cluster_name(context.options.paths));
    const auto cure =
        fmt::format("ganeti-gluster disk info {0}; if nobody wants it: ganeti-gluster disk rm {0}", disks.front());
    context.add("IMAGE_ORPHANED", evidence, cure, std::move(disks));
  }
  if (is_master(context) && !answer.at("knows_owners")) {
    throw CannotJudge("the cluster's configuration cannot be read");
  }
}

}  // namespace ganeti::gluster
