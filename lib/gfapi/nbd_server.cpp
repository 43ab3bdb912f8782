// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/gfapi/nbd_server.hpp>

#include <cerrno>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/child.hpp"
#include "base/errno_error.hpp"
#include "base/percent.hpp"
#include "base/unix_listener.hpp"
#include "gfapi/worker.hpp"
#include "installed.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* nbdkit = "/usr/bin/nbdkit";
constexpr const char* plugin = GANETI_GLUSTER_PLUGINDIR "/nbdkit-ganeti-gluster-plugin.so";

void require(const char* file, int mode, const std::string& cure) {
  if (access(file, mode) == 0) return;
  throw Error(errno_code(errno), {file, "cannot serve images by NBD", {}, cure});
}

std::vector<std::string> nbdkit_command(const NbdExport& image, const VolumeSettings& settings,
                                        const NodePaths& paths) {
  std::vector<std::string> argv{nbdkit, plugin, "disk=" + image.disk.text()};
  if (image.read_only) argv.emplace_back("read_only=true");
  const auto task = WorkerTask(image.volume, settings, paths).values();
  for (const auto& [key, value] : task.all()) argv.push_back(fmt::format("{}={}", key, value));
  return argv;
}

}  // namespace

struct NbdServer::Impl {
  explicit Impl(const std::string& where) : path(where), socket(listen_on(where)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { unlink(path.c_str()); }  // nobody will ever answer there

  std::string path;
  UniqueFd socket;
};

NbdServer::NbdServer(const std::string& socket) {
  require(nbdkit, X_OK, "install the package nbdkit");
  require(plugin, R_OK, "install the part of ganeti-gluster that has this file");
  impl_ = std::make_unique<Impl>(socket);
}
NbdServer::NbdServer(NbdServer&&) noexcept = default;
NbdServer& NbdServer::operator=(NbdServer&&) noexcept = default;
NbdServer::~NbdServer() = default;

std::string NbdServer::uri() const { return "nbd+unix:///?socket=" + percent_encoded(impl_->path); }

void NbdServer::run(const NbdExport& image, const VolumeSettings& settings, const NodePaths& paths) {
  const auto argv = nbdkit_command(image, settings, paths);
  Worker::end_all();
  become(argv, impl_->socket);
}

}  // namespace ganeti::gluster
