// SPDX-License-Identifier: BSD-2-Clause
//
// A plugin for nbdkit(1) that serves one image by libgfapi; `ganeti-gluster disk serve` becomes nbdkit with it. nbdkit
// speaks the protocol, bounds every request, and calls this from up to sixteen threads for each client: see
// nbdkit-plugin(3). Its parameters are those of a worker, the disk, and whether it is read-only.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>

#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "gfapi/nbd/connect_limit.hpp"
#include "gfapi/nbd/served_image.hpp"

#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>
#define THREAD_MODEL NBDKIT_THREAD_MODEL_PARALLEL  // NOLINT(readability-identifier-naming): nbdkit wants this name

namespace gg = ganeti::gluster;

namespace {

gg::KeyValues parameters;
bool is_read_only = false;
std::unique_ptr<gg::ServedImage> image;  // for all clients: none closes it

// What NBD has no word for, such as ENOTCONN, nbdkit would call EINVAL: as if the client had made a mistake.
int as_client_sees(int error) {
  switch (error) {
    case EPERM:
    case EROFS:
    case ENOMEM:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return error;
    default:
      return EIO;
  }
}

int answer(const char* what, int error) {
  if (error == 0) return 0;
  nbdkit_error("cannot %s: %s", what, std::strerror(error));
  nbdkit_set_error(as_client_sees(error));
  return -1;
}

int config(const char* key, const char* value) {
  if (std::strcmp(key, "read_only") != 0) {
    parameters.set(key, value);
    return 0;
  }
  const int parsed = nbdkit_parse_bool(value);
  is_read_only = parsed == 1;
  return parsed < 0 ? -1 : 0;
}

// Not earlier: libgfapi does not survive a fork.
int after_fork() {
  try {
    const auto task = gg::WorkerTask::parse(parameters.format());
    const gg::ConnectLimit limit(task.connect_timeout);
    image = std::make_unique<gg::ServedImage>(task, gg::DiskPath(parameters.text("disk")), is_read_only);
  } catch (const std::exception& error) {
    nbdkit_error("%s", error.what());
    return -1;
  }
  sd_notify(0, "READY=1");
  return 0;
}

void cleanup() {
  if (image && !is_read_only) static_cast<void>(answer("flush at the end", image->flush()));
}

void unload() {
  if (image) _exit(EXIT_SUCCESS);  // libgfapi takes eleven seconds to close
}

void* open_client(int /*read_only*/) { return NBDKIT_HANDLE_NOT_NEEDED; }

std::int64_t get_size(void* /*client*/) {
  std::uint64_t bytes = 0;
  if (answer("read the image's size", image->size(bytes)) != 0) return -1;
  return static_cast<std::int64_t>(bytes);
}

int yes(void* /*client*/) { return 1; }
int can_write(void* /*client*/) { return is_read_only ? 0 : 1; }
int can_extents(void* /*client*/) { return image->knows_holes() ? 1 : 0; }
int can_fua(void* /*client*/) { return NBDKIT_FUA_EMULATE; }

int block_size(void* /*client*/, std::uint32_t* minimum, std::uint32_t* preferred, std::uint32_t* maximum) {
  *minimum = 1;
  *preferred = 4096;      // of the bricks' file systems; less makes them read what they write
  *maximum = 32U << 20U;  // what clients assume that do not ask
  return 0;
}

int pread(void* /*client*/, void* buffer, std::uint32_t count, std::uint64_t offset, std::uint32_t /*flags*/) {
  return answer("read", image->read(offset, {static_cast<char*>(buffer), count}));
}

int pwrite(void* /*client*/, const void* buffer, std::uint32_t count, std::uint64_t offset, std::uint32_t /*flags*/) {
  return answer("write", image->write(offset, {static_cast<const char*>(buffer), count}));
}

int flush(void* /*client*/, std::uint32_t /*flags*/) { return answer("flush", image->flush()); }

// A hint: where the bricks cannot do it, nothing is lost but space.
int trim(void* /*client*/, std::uint32_t count, std::uint64_t offset, std::uint32_t /*flags*/) {
  const int error = image->punch(offset, count);
  return answer("trim", error == EOPNOTSUPP ? 0 : error);
}

// Always fast, or refused: then nbdkit writes zeros, unless the client wants it fast or not at all.
int zero(void* /*client*/, std::uint32_t count, std::uint64_t offset, std::uint32_t flags) {
  const bool may_trim = (flags & NBDKIT_FLAG_MAY_TRIM) != 0;
  const int error = may_trim ? image->punch(offset, count) : image->zero(offset, count);
  if (error != EOPNOTSUPP) return answer("zero", error);
  nbdkit_set_error(error);
  return -1;
}

int extents(void* /*client*/, std::uint32_t count, std::uint64_t offset, std::uint32_t flags, nbdkit_extents* list) {
  const bool wants_one = (flags & NBDKIT_FLAG_REQ_ONE) != 0;
  bool is_noted = true;
  const auto note = [&](std::uint64_t begin, std::uint64_t length, bool is_hole) {
    const std::uint32_t type = is_hole ? NBDKIT_EXTENT_HOLE | NBDKIT_EXTENT_ZERO : 0;
    is_noted = nbdkit_add_extent(list, begin, length, type) == 0;
    return is_noted && !wants_one;
  };
  const int result = answer("find out where there is data", image->visit_ranges(offset, offset + count, note));
  return is_noted ? result : -1;
}

nbdkit_plugin make_plugin() {
  nbdkit_plugin made{};
  made.name = "ganeti-gluster";
  made.longname = "disks of Ganeti on GlusterFS";
  made.unload = unload;
  made.config = config;
  made.open = open_client;
  made.get_size = get_size;
  made.can_write = can_write;
  made.can_multi_conn = yes;  // there is one connection to the volume, and one open file
  made.can_fast_zero = yes;
  made.can_fua = can_fua;
  made.can_extents = can_extents;
  made.block_size = block_size;
  made.pread = pread;
  made.pwrite = pwrite;
  made.flush = flush;
  made.trim = trim;
  made.zero = zero;
  made.extents = extents;
  made.after_fork = after_fork;
  made.cleanup = cleanup;
  return made;
}

nbdkit_plugin plugin = make_plugin();

}  // namespace

NBDKIT_REGISTER_PLUGIN(plugin)
