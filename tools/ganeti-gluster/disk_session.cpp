// SPDX-License-Identifier: BSD-2-Clause
#include "disk_session.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "size.hpp"

namespace ganeti::gluster::tool {

DiskSession::DiskSession(const Options& options, const std::string& disk)
    : disk_(disk_argument(disk)), node_(options), storage_(node_.reach_volume(), disk_, std::nullopt) {}

Json DiskSession::json() const { return {{"disk", storage_.disk().text()}, {"path", path()}, {"volume", volume()}}; }

void DiskSession::refuse_if_in_use(const char* failed) const {
  for (const auto& use : node_.mounter.disk_uses()) {
    if (use.disk != storage_.disk().text()) continue;
    auto processes = use.processes;
    processes.insert(processes.end(), use.gfapi_processes.begin(), use.gfapi_processes.end());
    throw ImageError(std::make_error_code(std::errc::device_or_resource_busy),
                     {path(), failed,
                      fmt::format("it is in use on this node (links: {}; processes: {})", fmt::join(use.links, ", "),
                                  fmt::join(processes, ", ")),
                      "stop the instance first"});
  }
}

void add_disk_argument(CLI::App& command, std::string& disk, const std::string& name) {
  command.add_option(name, disk, "ganeti/<instance-uuid>.<index>")->required()->type_name("");
}

DiskPath disk_argument(const std::string& text) {
  return parse_argument([&] { return DiskPath(text); });
}

std::int64_t size_argument(const std::string& text) {
  try {
    return parse_size_mib(text);
  } catch (const std::invalid_argument& error) {
    throw ArgumentError(ImageError(Errc::invalid_size, {fmt::format("'{}'", text), "cannot use this size", error.what(),
                                                        "write it like 512M, 1.5G or 2T"}));
  }
}

}  // namespace ganeti::gluster::tool
