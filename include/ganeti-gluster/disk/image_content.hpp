// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// Where the content for an image comes from, in order.
class GANETI_GLUSTER_API ContentSource {
 public:
  virtual ~ContentSource();

  /// Waits for at least one byte. @returns how many bytes came; 0 only at the end.
  [[nodiscard]] virtual std::size_t read(std::span<char> buffer) = 0;
};

/// Where the content of an image goes, in order.
class GANETI_GLUSTER_API ContentSink {
 public:
  virtual ~ContentSink();

  /// Returns when it has taken everything.
  virtual void write(std::span<const char> bytes) = 0;
  /// The same for so many zeros, for which it need not have room.
  virtual void write_zeros(std::uint64_t length) = 0;
};

}  // namespace ganeti::gluster
