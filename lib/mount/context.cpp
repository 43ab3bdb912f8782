// SPDX-License-Identifier: BSD-2-Clause
#include "mount/context.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/child.hpp"
#include "mount/client.hpp"

namespace ganeti::gluster {
namespace {

std::string describe_wait(const ProbeResult& result) {
  if (!result.waiting || result.waiting->process.pid == 0) return {};
  return fmt::format(" (process {} has been waiting for {} s)", result.waiting->process.pid, result.waiting->seconds);
}

struct Trouble {
  Errc code;
  std::string why;
  std::string cure;
};

constexpr const char* unhang =
    "end the cause, or stop what uses the mount and unmount it; see gluster-mount(7), HUNG MOUNTS";

Trouble silent_client(const MountView& view) {
  const auto clients = find_clients(*view.row);
  if (clients.empty()) return {Errc::mount_hung, "its client, which is not visible from here, does not answer", unhang};
  const auto pid = clients.front().pid;
  if (process_state(pid) == 'T') {
    return {Errc::mount_hung, fmt::format("its client, glusterfs with pid {}, is stopped", pid),
            fmt::format("let it go on with: kill -CONT {}", pid)};
  }
  return {Errc::mount_hung, fmt::format("its client, glusterfs with pid {}, does not answer in time", pid), unhang};
}

Trouble disconnected(const MountView& view) {
  const auto clients = find_clients(*view.row);
  if (clients.empty()) {
    return {Errc::mount_dead, "the client process is gone",
            "the next request mounts afresh; or: ganeti-gluster umount"};
  }
  return {Errc::mount_dead, "the kernel has cut it off from its client, which still runs",
          fmt::format("end the client with: kill -KILL {}; then try again", clients.front().pid)};
}

Trouble find_trouble(const MountView& view, const ProbeResult& result) {
  const auto volume = view.record ? " " + view.record->volume_name() : "";
  switch (result.health) {
    case Health::unreachable:
      if (!view.record) {
        return {Errc::cannot_tell,
                fmt::format("the client lives, but the volume does not answer: {}", std::strerror(result.error)),
                "bring its bricks back; nothing was touched"};
      }
      return {
          Errc::unreachable,
          fmt::format("the client lives, but the volume has no quorum or no brick: {}", std::strerror(result.error)),
          fmt::format("check with: gluster volume status{}; the mount recovers when the bricks return", volume)};
    case Health::silent_servers:
      return {Errc::mount_hung, "the client answers, but the volume's servers do not in time",
              fmt::format("check the network and the bricks with: gluster volume status{}", volume)};
    case Health::silent_client:
      return silent_client(view);
    case Health::busy:
      return {Errc::mount_hung, "an earlier look at it still gets no answer", unhang};
    case Health::disconnected:
    case Health::well:
      break;
  }
  return disconnected(view);
}

}  // namespace

namespace {

// @returns nothing also if the mount went away between the two looks at it.
std::optional<MountView> look_once(const MountContext& context, bool& gone) {
  auto real = context.dir.real();
  if (!real) return std::nullopt;
  auto dir = context.dir.look();
  if (!dir) return std::nullopt;
  MountView view{std::move(*real), std::move(*dir), std::nullopt, 0, std::nullopt};
  if (!view.dir.is_mount_point) return view;
  for (auto& row : read_mount_table()) {
    if (row.target == view.real) ++view.depth;
    if (row.id == view.dir.mount_id) view.row = std::move(row);
  }
  gone = !view.row;
  if (gone) return std::nullopt;
  view.record = read_mount_record(context.state(view.real), view.dir);
  // Mount ids and device numbers are used again: only a living client proves it is the same mount.
  if (view.record && !is_alive(view.record->client)) view.record.reset();
  return view;
}

}  // namespace

std::optional<MountView> look(const MountContext& context) {
  constexpr int most_looks = 20;
  for (int i = 0; i < most_looks; ++i) {
    bool gone = false;
    auto view = look_once(context, gone);
    if (!gone) return view;
  }
  throw MountError(Errc::mount_lost, {context.dir.spelled(), "cannot look at the mount",
                                      "something keeps mounting and unmounting there", "find out what it is"});
}

void throw_unwell(const MountContext& context, const MountView& view, const ProbeResult& result) {
  const auto trouble = find_trouble(view, result);
  const auto failed =
      trouble.code == Errc::cannot_tell
          ? fmt::format("cannot tell which volume is mounted (source {})", view.row->source)
          : fmt::format("cannot use the mount of {}", view.record ? view.record->volume : view.row->source);
  throw MountError(trouble.code, {context.dir.spelled(), failed, trouble.why + describe_wait(result), trouble.cure});
}

int unmount_in_child(const std::string& real, bool lazy, const Deadline& deadline) {
  auto child = Child::start({}, [&] { return unmount_once(real, lazy); });
  if (!child.wait(deadline)) {
    if (!child.kill()) child.abandon();
    return ETIMEDOUT;
  }
  return child.exit_status().value_or(ECANCELED);
}

}  // namespace ganeti::gluster
