// SPDX-License-Identifier: BSD-2-Clause
#include "gfapi/worker/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/deadline.hpp"
#include "mount/client_log.hpp"
#include "mount/diagnosis.hpp"
#include "mount/identity.hpp"
#include "mount/learned_servers.hpp"
#include "mount/reach.hpp"
#include "mount/server_choice.hpp"

namespace ganeti::gluster {
namespace {

using namespace std::chrono_literals;

constexpr auto diagnosis_limit = 3s;
constexpr const char* cannot_connect = "cannot connect to the volume by libgfapi";
constexpr const char* active_graph = "/.meta/graphs/active/";

// libgfapi's own numbers for what the settings call by name.
int log_level_number(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, int>, 7> levels{
      {{"NONE", 0}, {"CRITICAL", 3}, {"ERROR", 4}, {"WARNING", 5}, {"INFO", 7}, {"DEBUG", 8}, {"TRACE", 9}}};
  for (const auto& [level, number] : levels) {
    if (level == name) return number;
  }
  return 7;
}

// By addresses, where they are known: libgfapi looks names up in one family only.
void set_servers(glfs_t* volume, const GlusterVolume& wanted) {
  for (const auto& server : wanted.servers()) {
    if (wanted.transport() == Transport::unix_socket) {
      glfs_set_volfile_server(volume, "unix", server.host.c_str(), 0);
      continue;
    }
    auto hosts = server.addresses;
    if (hosts.empty()) hosts.push_back(server.host);
    for (const auto& host : hosts) glfs_set_volfile_server(volume, "tcp", host.c_str(), wanted.port());
  }
}

// What translators would answer from what they saw within the last second, as if nobody else could change it.
void forget_at_once(glfs_t* volume) {
  glfs_set_xlator_option(volume, "*-md-cache", "md-cache-timeout", "0");
  for (const char* translator : {"*-quick-read", "*-io-cache"}) {
    glfs_set_xlator_option(volume, translator, "cache-timeout", "0");
  }
}

}  // namespace

void CloseObject::operator()(glfs_object_t* object) const noexcept {
  const int error = errno;
  glfs_h_close(object);
  errno = error;
}

void CloseGfapiFile::operator()(glfs_fd_t* file) const noexcept {
  const int error = errno;
  glfs_close(file);
  errno = error;
}

GfapiObject look_up(glfs_t* volume, glfs_object_t* folder, const std::string& name, struct stat& status) {
  return GfapiObject(glfs_h_lookupat(volume, folder, name.c_str(), &status, 0));
}

std::string read_small_file(glfs_t* volume, const std::string& path) {
  std::string text;
  const GfapiFile file(glfs_open(volume, path.c_str(), O_RDONLY));
  if (!file) return text;
  std::array<char, 65536> buffer{};
  ssize_t got = 0;
  do {
    got = glfs_pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(text.size()), 0, nullptr);
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  } while (got > 0);
  return text;
}

GfapiConnection::GfapiConnection(const WorkerTask& task, UnsyncedData unsynced) : subdir_(task.volume.subdir()) {
  // By this name the servers know the client: `gluster volume status VOLUME clients`.
  prctl(PR_SET_NAME, "ganeti-gluster");
  const ServerChoice choice(task.paths, task.volume, Deadline::in(task.connect_timeout));
  const ClientLog client_log(task.paths.client_log_dir, worker_log_name);
  volume_ = glfs_new(task.volume.name().c_str());
  if (volume_ == nullptr) {
    throw MountError(Errc::connect_failed, {task.volume.to_string(), "cannot use libgfapi", std::strerror(errno), {}});
  }
  set_servers(volume_, choice.volume());
  forget_at_once(volume_);
  if (unsynced == UnsyncedData::keep) {
    glfs_set_xlator_option(volume_, "*-write-behind", "resync-failed-syncs-after-fsync", "on");
  }
  glfs_set_logging(volume_, client_log.path().c_str(), log_level_number(task.log_level));
  const bool is_up = glfs_init(volume_) == 0;
  if (is_up && is_ours(choice, task)) {
    check_subdir(task.volume);
    return;
  }

  const std::string helper_text = is_up ? "" : std::strerror(errno);
  const auto asked = is_up ? choice.asked() : choice.volume();
  auto [why, cure] = diagnose({asked, helper_text, client_log.causes(), client_log.path(), false, false},
                              reach_servers(asked, Deadline::in(diagnosis_limit)));
  throw MountError(Errc::connect_failed, {task.volume.to_string(), cannot_connect, why, cure});
}

// Where it is missing, each image would seem to be.
void GfapiConnection::check_subdir(const GlusterVolume& volume) {
  if (subdir_.empty() || root() != nullptr) return;
  const bool is_missing = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
  throw MountError(Errc::connect_failed,
                   {volume.to_string(), cannot_connect,
                    is_missing ? fmt::format("the volume {} has no directory {}", volume.name(), subdir_)
                               : std::string(std::strerror(errno)),
                    is_missing ? "create it on the volume, or correct subdir" : ""});
}

// Remembers its servers as well, for a time when those that were asked for are down.
bool GfapiConnection::is_ours(const ServerChoice& choice, const WorkerTask& task) const {
  auto identity = parse_identity(read_small_file(volume_, std::string(active_graph) + "volfile"), {});
  identity.subdir = task.volume.subdir();  // libgfapi always connects to the whole volume
  if (choice.is_strange(identity)) return false;
  learn_servers(task.paths.persistent_dir, identity, task.volume);
  return true;
}

glfs_object_t* GfapiConnection::root() {
  if (root_) return root_.get();
  struct stat status {};
  auto folder = look_up(volume_, nullptr, "/", status);
  std::istringstream parts(subdir_);
  for (std::string part; folder && std::getline(parts, part, '/');) {
    auto next = look_up(volume_, folder.get(), part, status);
    if (next && !S_ISDIR(status.st_mode)) {
      next.reset();
      errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
    }
    folder = std::move(next);
  }
  root_ = std::move(folder);
  return root_.get();
}

}  // namespace ganeti::gluster
