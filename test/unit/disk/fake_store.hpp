// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cerrno>
#include <map>
#include <string>

#include <ganeti-gluster/disk/image_store.hpp>
#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

/// An image store in memory that can fail at any step.
class FakeStore final : public ImageStore {
 public:
  struct Image {
    ImageAttributes attributes;
    bool locked = false;
    bool durable = false;
  };

  std::map<std::string, Image> images;
  VolumeSpace volume{1ULL << 40U, 1ULL << 40U};
  std::string fail_at;  ///< name of the function that fails
  int error = EIO;
  bool folder_durable = false;

  void step(const std::string& name) const {
    if (name == fail_at) throw ImageError({error, std::generic_category()}, {"fake", "cannot " + name, {}, {}});
  }

  std::optional<ImageAttributes> find(const DiskPath& disk) override {
    step("find");
    const auto found = images.find(disk.text());
    if (found == images.end()) return std::nullopt;
    return found->second.attributes;
  }

  std::unique_ptr<ImageFile> open(const DiskPath& disk) override {
    step("open");
    return std::make_unique<File>(*this, images.at(disk.text()));
  }

  std::unique_ptr<ImageFile> create(const DiskPath& disk, unsigned mode) override {
    step("create");
    if (images.contains(disk.text())) {
      throw ImageError({EEXIST, std::generic_category()}, {"fake", "cannot create", {}, {}});
    }
    folder_durable = false;
    auto& image = images[disk.text()];
    image.attributes = {true, 0, 0, mode};
    return std::make_unique<File>(*this, image);
  }

  bool remove(const DiskPath& disk) override {
    step("remove");
    folder_durable = false;
    return images.erase(disk.text()) != 0;
  }

  void sync_folder() override {
    step("sync_folder");
    folder_durable = true;
  }

  VolumeSpace space() override { return volume; }
  std::string describe(const DiskPath& disk) const override { return "/fake/" + disk.text(); }

 private:
  class File final : public ImageFile {
   public:
    File(const FakeStore& store, Image& image) : store_(store), image_(image) {}
    ImageAttributes attributes() override { return image_.attributes; }
    void truncate(std::uint64_t size_bytes) override {
      store_.step("truncate");
      image_.attributes.size_bytes = size_bytes;
      image_.durable = false;
    }
    void set_mode(unsigned mode) override {
      store_.step("set_mode");
      image_.attributes.mode = mode;
    }
    void sync() override {
      store_.step("sync");
      image_.durable = true;
    }
    bool try_lock() override { return !std::exchange(image_.locked, true); }

   private:
    const FakeStore& store_;
    Image& image_;
  };
};

}  // namespace ganeti::gluster
