// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cerrno>
#include <cstdint>
#include <type_traits>

#include <ganeti-gluster/disk/image_store.hpp>

namespace ganeti::gluster {

/// What a worker is asked to do. Names of disks and of attributes, and data, follow a request as its payload.
enum class Operation : std::uint32_t {
  connect,         ///< payload: a WorkerTask; answered with why and cure, a line each, if it fails
  find,            ///< payload: the disk; answered with attributes
  find_attribute,  ///< payload: the disk and the attribute's name; answered with its value
  list,            ///< answered with names, each ended by a zero byte
  totals,          ///< numbers: how many, and their sizes together, in bytes
  open,            ///< payload: the disk; numbers[0]: the file, for all that follows
  open_for_reading,
  create,  ///< with mode
  link,    ///< payload: both disks
  remove,
  space,  ///< numbers: size, free, used, in bytes
  close,  ///< not answered
  attributes,
  truncate,       ///< to length
  set_mode,       ///< to mode
  set_attribute,  ///< payload: the attribute's name, its value
  allocate,
  write_zeros,
  read,  ///< answered with as much as there was
  write,
  punch,
  find_data,  ///< numbers[0]: where
  sync,
  try_lock,  ///< EAGAIN if somebody else has it
};

struct Request {
  Operation operation = Operation::connect;
  std::uint32_t mode = 0;
  std::uint64_t file = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct Answer {
  std::int32_t error = 0;  ///< an errno, or silent_parts_error with the parts, a line each, as payload
  std::array<std::uint64_t, 3> numbers{};
  ImageAttributes attributes{};
};

static_assert(std::is_trivially_copyable_v<Request> && std::is_trivially_copyable_v<Answer>);

/// Of an answer instead of ENOENT: the image may lie on parts of the volume of which too few bricks are up.
constexpr int silent_parts_error = ENOTUNIQ;  // which no translator of GlusterFS uses

/// Both ends of a socket belong to one version of this library: another one is refused at the first frame.
constexpr std::uint32_t protocol_version = 1;

/// The most that one read or write moves.
constexpr std::uint32_t most_payload = 1U << 20U;

}  // namespace ganeti::gluster
