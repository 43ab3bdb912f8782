// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <ganeti-gluster/disk/image_store.hpp>

#include "gfapi/worker.hpp"

namespace ganeti::gluster {

/// An image that a worker has open.
class GfapiImageFile final : public ImageFile {
 public:
  GfapiImageFile(std::shared_ptr<Worker> worker, std::uint64_t file, std::string subject,
                 std::chrono::milliseconds limit)
      : worker_(std::move(worker)), file_(file), subject_(std::move(subject)), limit_(limit) {}
  GfapiImageFile(const GfapiImageFile&) = delete;
  GfapiImageFile& operator=(const GfapiImageFile&) = delete;
  ~GfapiImageFile() override;

  [[nodiscard]] ImageAttributes attributes() override;
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
  Answer ask(Request request, const char* failed, std::span<const char> data = {});
  Answer require(const Request& request, const char* failed, std::span<const char> data = {});

  std::shared_ptr<Worker> worker_;
  std::uint64_t file_;
  std::string subject_;
  std::chrono::milliseconds limit_;
};

}  // namespace ganeti::gluster
