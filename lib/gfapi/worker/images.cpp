// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker/images.hpp"

#include <array>
#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gfapi/worker/file.hpp"
#include "mount/volume_graph.hpp"

namespace ganeti::gluster {
namespace {

constexpr mode_t folder_mode = 0750;

int last_error() { return errno != 0 ? errno : EIO; }

// A payload of two texts with a zero byte between them.
std::pair<std::string, std::string> split(std::string_view data) {
  const auto end = data.find('\0');
  if (end == std::string_view::npos) return {std::string(data), {}};
  return {std::string(data.substr(0, end)), std::string(data.substr(end + 1))};
}

}  // namespace

Answer GfapiImages::run(const Request& request, std::string_view data, std::string& result) {
  Answer answer;
  const std::string name(data);
  errno = 0;
  switch (request.operation) {
    case Operation::find:
      answer.error = find(name, answer, result);
      break;
    case Operation::find_attribute:
      answer.error = find_attribute(data, result);
      break;
    case Operation::list:
      answer.error = list(result);
      break;
    case Operation::totals:
      answer.error = totals(answer);
      break;
    case Operation::open:
      answer.error = open(name, O_RDWR, answer);
      break;
    case Operation::open_for_reading:
      answer.error = open(name, O_RDONLY, answer);
      break;
    case Operation::create:
      answer.error = create(name, request.mode, answer);
      break;
    case Operation::link:
      answer.error = link(data);
      break;
    case Operation::remove:
      answer.error = remove(name);
      break;
    case Operation::space:
      answer.error = space(answer);
      break;
    case Operation::close:
      files_.erase(request.file);
      break;
    default:
      const auto file = files_.find(request.file);
      answer.error =
          file == files_.end() ? EBADF : gluster::run_on_file(file->second.get(), request, data, answer, result);
  }
  return answer;
}

// Looked up each time: what was the folder once may have another name by now. None if errno says why not.
GfapiObject GfapiImages::folder() {
  auto* root = connection_.root();
  if (root == nullptr) return {};
  struct stat status {};
  auto found = look_up(volume(), root, DiskPath::folder(), status);
  if (found && !S_ISDIR(status.st_mode)) {
    found.reset();
    errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
  }
  return found;
}

// No object if errno says why not.
GfapiImages::Named GfapiImages::find_named(const std::string& name) {
  Named found;
  const auto parent = folder();
  if (parent) found.object = look_up(volume(), parent.get(), name, found.status);
  return found;
}

int GfapiImages::find(const std::string& name, Answer& answer, std::string& result) {
  const auto found = find_named(name);
  if (!found.object) {
    const int error = last_error();
    return error == ENOENT ? why_absent(result) : error;
  }
  answer.attributes = to_attributes(found.status);
  return 0;
}

// ENOENT only if every part of the volume could be asked.
int GfapiImages::why_absent(std::string& parts) const {
  const std::string graph = "/.meta/graphs/active/";
  const auto volfile = read_small_file(volume(), graph + "volfile");
  if (volfile.empty()) return ENOTCONN;
  const auto is_connected = [&](const std::string& client) {
    return read_small_file(volume(), graph + client + "/private").find("\nconnected = 1\n") != std::string::npos;
  };
  parts = fmt::format("{}", fmt::join(silent_parts(volfile, is_connected), "\n"));
  return parts.empty() ? ENOENT : silent_parts_error;
}

int GfapiImages::find_attribute(std::string_view data, std::string& result) {
  const auto [name, attribute] = split(data);
  const auto found = find_named(name);
  if (!found.object) return last_error();
  result.resize(XATTR_SIZE_MAX);
  const int size = glfs_h_getxattrs(volume(), found.object.get(), attribute.c_str(), result.data(), result.size());
  result.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return size < 0 ? last_error() : 0;
}

// Calls visit(name, status) for all that lies in the folder.
template <typename Visit>
int GfapiImages::visit_folder(Visit visit) {
  const auto parent = folder();
  if (!parent) return last_error();
  const GfapiFile opened(glfs_h_opendir(volume(), parent.get()));
  if (!opened) return last_error();
  while (true) {
    struct stat status {};
    errno = 0;
    const auto* entry = glfs_readdirplus(opened.get(), &status);
    if (entry == nullptr) return errno;
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..") visit(name, status);
  }
}

int GfapiImages::list(std::string& result) {
  return visit_folder(
      [&](std::string_view name, const struct stat& /*status*/) { result.append(name).push_back('\0'); });
}

int GfapiImages::totals(Answer& answer) {
  return visit_folder([&](std::string_view /*name*/, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return;
    ++answer.numbers[0];
    answer.numbers[1] += static_cast<std::uint64_t>(status.st_size);
  });
}

int GfapiImages::add_file(glfs_fd_t* file, Answer& answer) {
  if (file == nullptr) return last_error();
  answer.numbers[0] = ++last_file_;
  files_.emplace(last_file_, GfapiFile(file));
  return 0;
}

int GfapiImages::open(const std::string& name, int flags, Answer& answer) {
  const auto found = find_named(name);
  if (!found.object) return last_error();
  answer.attributes = to_attributes(found.status);
  if (!S_ISREG(found.status.st_mode)) return ENXIO;
  return add_file(glfs_h_open(volume(), found.object.get(), flags), answer);
}

int GfapiImages::create(const std::string& name, unsigned mode, Answer& answer) {
  struct stat status {};
  auto parent = folder();
  if (!parent) {
    auto* root = connection_.root();
    if (errno != ENOENT || root == nullptr) return last_error();
    const GfapiObject made(glfs_h_mkdir(volume(), root, DiskPath::folder().c_str(), folder_mode, &status));
    if (!made && errno != EEXIST) return last_error();
    parent = folder();
    if (!parent) return last_error();
  }
  glfs_fd_t* file = nullptr;
  const GfapiObject object(
      glfs_h_creat_open(volume(), parent.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL, mode, &status, &file));
  return object ? add_file(file, answer) : last_error();
}

int GfapiImages::link(std::string_view data) {
  const auto [from, to] = split(data);
  const auto found = find_named(from);
  if (!found.object) return last_error();
  const auto parent = folder();
  return parent && glfs_h_link(volume(), found.object.get(), parent.get(), to.c_str()) == 0 ? 0 : last_error();
}

int GfapiImages::remove(const std::string& name) {
  const auto parent = folder();
  return parent && glfs_h_unlink(volume(), parent.get(), name.c_str()) == 0 ? 0 : last_error();
}

int GfapiImages::space(Answer& answer) {
  struct statvfs status {};
  if (glfs_h_statfs(volume(), connection_.root(), &status) != 0) return last_error();
  answer.numbers = {status.f_blocks * status.f_frsize, status.f_bavail * status.f_frsize,
                    (status.f_blocks - status.f_bfree) * status.f_frsize};
  return 0;
}

void GfapiImages::sync_all() {
  for (const auto& [number, file] : files_) glfs_fsync(file.get(), nullptr, nullptr);
}

}  // namespace ganeti::gluster
