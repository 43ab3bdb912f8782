// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ganeti-gluster/disk/image_content.hpp>

#include "long_work.hpp"

namespace ganeti::gluster::tool {

/// The content of an image that comes from standard input.
class StandardInput final : public ContentSource {
 public:
  /// To be called before anything is opened, which could get the descriptor.
  /// @throws ArgumentError if it is closed or a terminal.
  static void check();

  /// @param work is awaited together with the input.
  explicit StandardInput(const LongWork& work) : work_(work) {}
  [[nodiscard]] std::size_t read(std::span<char> buffer) override;

 private:
  const LongWork& work_;
};

/// The content of an image that goes to standard output. Zeros become a hole where a file has an end
/// that can be moved.
class StandardOutput final : public ContentSink {
 public:
  /// As StandardInput's.
  static void check();

  explicit StandardOutput(const LongWork& work);
  void write(std::span<const char> bytes) override;
  void write_zeros(std::uint64_t length) override;
  /// After the last byte; a file is on disk when it returns.
  void finish() const;

 private:
  const LongWork& work_;
  bool is_file_ = false;
  bool makes_holes_ = false;
};

}  // namespace ganeti::gluster::tool
