// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <ganeti-gluster/disk/image_store.hpp>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// Passes the kernel's cache; that of GlusterFS's client may still be a second old.
[[nodiscard]] ImageAttributes read_fuse_attributes(int fd, const std::string& subject);

/// An image opened for changes on a mounted volume.
class FuseFile final : public ImageFile {
 public:
  /// @param subject names the image in messages.
  FuseFile(UniqueFd fd, std::string subject) : fd_(std::move(fd)), subject_(std::move(subject)) {}

  [[nodiscard]] ImageAttributes attributes() override { return read_fuse_attributes(fd_.get(), subject_); }
  void truncate(std::uint64_t size_bytes) override;
  void set_mode(unsigned mode) override;
  void set_attribute(const char* name, const std::string& value) override;
  void allocate(std::uint64_t offset, std::uint64_t length) override;
  void write_zeros(std::uint64_t offset, std::uint64_t length) override;
  [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<char> buffer) override;
  void write(std::uint64_t offset, std::span<const char> bytes) override;
  void punch(std::uint64_t offset, std::uint64_t length) override;
  [[nodiscard]] std::optional<std::uint64_t> find_data(std::uint64_t offset) override;
  void sync() override;
  [[nodiscard]] bool try_lock() override;

 private:
  void write_all(std::uint64_t offset, std::span<const char> bytes, const char* failed);
  void forget(std::uint64_t offset, std::uint64_t length);

  UniqueFd fd_;
  std::string subject_;
};

}  // namespace ganeti::gluster
