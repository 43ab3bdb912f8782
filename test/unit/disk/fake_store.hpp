// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cerrno>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

#include <ganeti-gluster/disk/image_label.hpp>
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
    std::string content;                  ///< what it begins with; zeros follow
    std::uint64_t reserved_bytes = 0;     ///< from its beginning
    std::set<std::uint64_t> data_pieces;  ///< numbers of those pieces of piece_bytes that take space
    std::map<std::string, std::string> extended;
    std::optional<ImageAttributes> remembered;  ///< what a client saw a moment ago, and believes until it syncs

    [[nodiscard]] const ImageAttributes& seen() const { return remembered ? *remembered : attributes; }
  };

  std::map<std::string, std::shared_ptr<Image>> images;  ///< several names may share one

  VolumeSpace volume{1ULL << 40U, 1ULL << 40U, 0};
  std::string fail_at;  ///< name of the function that fails
  int error = EIO;
  int fail_after = 0;                ///< so many of its calls do not
  bool tells_data = true;            ///< whether find_data can tell; else as a sharded volume
  bool lost = false;                 ///< the failure is that of a mount that went away
  std::function<void()> after_link;  ///< called once
  std::function<void()> before_failure;

  Image& put(const DiskPath& disk, const ImageAttributes& attributes) {
    auto& image = images[disk.text()] = std::make_shared<Image>();
    image->attributes = attributes;
    image->attributes.inode = ++last_inode_;
    return *image;
  }

  static constexpr std::uint64_t piece_bytes = 64 * 1024;

  void step(const std::string& name) {
    if (name != fail_at || fail_after-- > 0) return;
    if (before_failure) before_failure();
    if (lost) throw MountError(Errc::mount_lost, {"fake", "cannot " + name, {}, {}});
    throw ImageError({error, std::generic_category()}, {"fake", "cannot " + name, {}, {}});
  }

  std::optional<ImageAttributes> find(const DiskPath& disk) override {
    step("find");
    const auto found = images.find(disk.text());
    if (found == images.end()) return std::nullopt;
    return found->second->seen();
  }

  std::optional<std::string> find_attribute(const DiskPath& disk, const char* name) override {
    const auto& image = *images.at(disk.text());
    const auto found = image.extended.find(name);
    return found == image.extended.end() ? std::nullopt : std::optional(found->second);
  }

  std::vector<std::string> list() override {
    std::vector<std::string> names;
    for (const auto& [path, image] : images) names.push_back(DiskPath(path).file_name());
    return names;
  }

  ImageTotals totals() override {
    ImageTotals all{.count = images.size()};
    for (const auto& [path, image] : images) all.size_bytes += image->attributes.size_bytes;
    return all;
  }

  std::unique_ptr<ImageFile> open(const DiskPath& disk) override {
    step("open");
    return std::make_unique<File>(*this, images.at(disk.text()));
  }

  std::unique_ptr<ImageFile> open_for_reading(const DiskPath& disk) override { return open(disk); }

  std::unique_ptr<ImageFile> create(const DiskPath& disk, unsigned mode) override {
    step("create");
    if (images.contains(disk.text())) {
      throw ImageError({EEXIST, std::generic_category()}, {"fake", "cannot create", {}, {}});
    }
    put(disk, {.is_regular = true, .mode = mode});
    return std::make_unique<File>(*this, images.at(disk.text()));
  }

  void link(const DiskPath& from, const DiskPath& to) override {
    step("link");
    if (images.contains(to.text())) throw ImageError({EEXIST, std::generic_category()}, {"fake", "link", {}, {}});
    images[to.text()] = images.at(from.text());
    ++images[to.text()]->attributes.links;
    if (const auto hook = std::exchange(after_link, nullptr)) hook();
  }

  bool remove(const DiskPath& disk) override {
    step("remove");
    const auto found = images.find(disk.text());
    if (found == images.end()) return false;
    auto& attributes = found->second->attributes;
    if (--attributes.links == 0) volume.free_bytes += attributes.allocated_bytes;
    images.erase(found);
    return true;
  }

  VolumeSpace space() override { return volume; }
  std::string describe(const DiskPath& disk) const override { return "/fake/" + disk.text(); }

 private:
  class File final : public ImageFile {
   public:
    File(FakeStore& store, std::shared_ptr<Image> image) : store_(store), image_(std::move(image)) {}
    ~File() override {
      if (has_lock_) image_->locked = false;
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ImageAttributes attributes() override { return image_->seen(); }
    void truncate(std::uint64_t size_bytes) override {
      store_.step("truncate");
      image_->attributes.size_bytes = size_bytes;
      if (size_bytes == 0) store_.volume.free_bytes += std::exchange(image_->attributes.allocated_bytes, 0U);
      image_->durable = false;
    }
    void set_mode(unsigned mode) override {
      store_.step("set_mode");
      image_->attributes.mode = mode;
    }
    void set_attribute(const char* name, const std::string& value) override {
      store_.step("set_attribute");
      image_->extended[name] = value;
    }
    void allocate(std::uint64_t offset, std::uint64_t length) override {
      store_.step("allocate");
      extend(offset, length);
      image_->reserved_bytes = std::max(image_->reserved_bytes, offset + length);
    }
    void write_zeros(std::uint64_t offset, std::uint64_t length) override {
      store_.step("write_zeros");
      if (offset < image_->content.size()) put(offset, std::string(length, '\0'));
      extend(offset, length);
    }
    std::size_t read(std::uint64_t offset, std::span<char> buffer) override {
      store_.step("read");
      const auto size = image_->attributes.size_bytes;
      const auto length = offset < size ? std::min<std::uint64_t>(buffer.size(), size - offset) : 0;
      for (std::uint64_t i = 0; i < length; ++i) {
        buffer[i] = offset + i < image_->content.size() ? image_->content[offset + i] : '\0';
      }
      return length;
    }
    void write(std::uint64_t offset, std::span<const char> bytes) override {
      store_.step("write");
      put(offset, std::string(bytes.begin(), bytes.end()));
    }
    void punch(std::uint64_t offset, std::uint64_t length) override {
      store_.step("punch");
      put(offset, std::string(length, '\0'));
      for (auto at = offset; at < offset + length; at += piece_bytes) image_->data_pieces.erase(at / piece_bytes);
    }
    std::optional<std::uint64_t> find_data(std::uint64_t offset) override {
      if (!store_.tells_data) return std::nullopt;
      const auto found = image_->data_pieces.lower_bound(offset / piece_bytes);
      if (found == image_->data_pieces.end()) return std::numeric_limits<std::uint64_t>::max();
      return std::max(offset, *found * piece_bytes);
    }
    void sync() override {
      store_.step("sync");
      image_->remembered.reset();
      image_->durable = true;
    }
    bool try_lock() override {
      has_lock_ = !std::exchange(image_->locked, true);
      return has_lock_;
    }

   private:
    // Inside the file.
    void put(std::uint64_t offset, const std::string& bytes) {
      auto& content = image_->content;
      content.resize(std::max(content.size(), offset + bytes.size()));
      content.replace(offset, bytes.size(), bytes);
      for (auto at = offset; at < offset + bytes.size(); at += piece_bytes)
        image_->data_pieces.insert(at / piece_bytes);
      image_->durable = false;
    }
    void extend(std::uint64_t offset, std::uint64_t length) {
      const auto end = offset + length;
      image_->attributes.size_bytes = std::max(image_->attributes.size_bytes, end);
      const auto more = end - std::clamp(image_->reserved_bytes, offset, end);
      image_->attributes.allocated_bytes += more;
      image_->durable = false;
      store_.volume.free_bytes -= more;
    }

    FakeStore& store_;
    std::shared_ptr<Image> image_;
    bool has_lock_ = false;
  };

  std::uint64_t last_inode_ = 0;
};

}  // namespace ganeti::gluster
