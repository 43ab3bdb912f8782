// SPDX-License-Identifier: BSD-2-Clause
#include "disk_session.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "size.hpp"

namespace ganeti::gluster::tool {

DiskSession::DiskSession(const Options& options, const std::string& disk)
    : disk_(parse_argument([&] { return DiskPath(disk); })),
      node_(options),
      lease_(node_.mount()),
      store_(lease_),
      image_(store_, disk_) {}

Json DiskSession::json() const {
  return {{"disk", disk_.text()}, {"path", path()}, {"volume", lease_.volume().to_string()}};
}

void add_disk_argument(CLI::App& command, std::string& disk) {
  command.add_option("DISK", disk, "ganeti/<instance-uuid>.<index>")->required()->type_name("");
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
