// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>
#include <ganeti-gluster/log.hpp>

#include "fake_store.hpp"
#include "test/unit/base/code_of.hpp"
#include "test/unit/base/mib.hpp"

namespace gg = ganeti::gluster;
using gg::test::code_of;

namespace {

using ganeti::gluster::test::mib;
constexpr auto piece = gg::FakeStore::piece_bytes;

// Hands its text out in odd portions, as a pipe may.
class TextSource final : public gg::ContentSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::size_t read(std::span<char> buffer) override {
    const auto length = std::min({buffer.size(), text_.size() - given_, std::size_t{100'003}});
    std::memcpy(buffer.data(), text_.data() + given_, length);
    given_ += length;
    return length;
  }
  [[nodiscard]] std::size_t given() const { return given_; }

 private:
  std::string text_;
  std::size_t given_ = 0;
};

class TextSink final : public gg::ContentSink {
 public:
  void write(std::span<const char> bytes) override { text.append(bytes.data(), bytes.size()); }
  void write_zeros(std::uint64_t length) override {
    text.append(length, '\0');
    zeros += length;
  }
  std::string text;
  std::uint64_t zeros = 0;
};

class ContentFixture {
 protected:
  gg::FakeStore store;
  gg::DiskPath disk{"ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.0"};
  gg::FileDeviceHelper helper{store, disk};

  ContentFixture() {
    gg::set_log_sink([](gg::LogLevel, std::string_view) {});
  }
  ~ContentFixture() { gg::set_log_sink({}); }
  ContentFixture(const ContentFixture&) = delete;
  ContentFixture& operator=(const ContentFixture&) = delete;

  gg::FakeStore::Image& image() { return *store.images.at(disk.text()); }

  void put_in(const std::string& text, const gg::ContentOptions& options = {}) {
    TextSource source(text);
    helper.import_from(source, options);
  }
  TextSink exported(const gg::ContentOptions& options = {}) {
    TextSink sink;
    helper.export_to(sink, options);
    return sink;
  }
};

// Zeros but for one piece of data.
std::string sparse(std::uint64_t size, std::uint64_t at, char data = 'x') {
  std::string text(size, '\0');
  return text.replace(at, piece, piece, data);
}

}  // namespace

TEST_CASE_METHOD(ContentFixture, "what is imported is what is exported, and zeros take no space") {
  for (const bool tells : {true, false}) {
    store.tells_data = tells;
    helper.create(3);
    const auto text = sparse(3 * mib, mib + 3 * piece);
    put_in(text);
    CHECK(image().durable);
    CHECK(image().data_pieces == std::set<std::uint64_t>{mib / piece + 3});
    CHECK(exported().text == text);
    CHECK(exported().zeros == 3 * mib - piece);
    CHECK(helper.size() == 3 * mib);
    CHECK(helper.remove());
  }
}

TEST_CASE_METHOD(ContentFixture, "zeros that are imported over data give its space back") {
  for (const bool tells : {true, false}) {
    store.tells_data = tells;
    helper.create(2);
    put_in(std::string(2 * mib, 'o'));
    CHECK(image().data_pieces.size() == 2 * mib / piece);
    const auto text = sparse(2 * mib, 5 * piece);
    put_in(text);
    CHECK(exported().text == text);
    CHECK(image().data_pieces == std::set<std::uint64_t>{5});
    CHECK(helper.remove());
  }
}

TEST_CASE_METHOD(ContentFixture, "zeros are written over data where space is to stay taken or cannot be given back") {
  for (const auto preallocation : {gg::Preallocation::off, gg::Preallocation::falloc, gg::Preallocation::full}) {
    store.fail_at = preallocation == gg::Preallocation::off ? "punch" : "";
    store.error = EOPNOTSUPP;
    helper.create(2);
    put_in(std::string(2 * mib, 'o'));
    const auto text = sparse(2 * mib, 5 * piece);
    put_in(text, {.preallocation = preallocation});
    CHECK(exported().text == text);
    CHECK(image().data_pieces.size() == 2 * mib / piece);
    CHECK(image().durable);
    CHECK(helper.remove());
  }
}

TEST_CASE_METHOD(ContentFixture, "an input that ends too early or does not end in time is an error") {
  helper.create(2);
  for (const auto length : {std::uint64_t{0}, std::uint64_t{1}, mib, 2 * mib - 1}) {
    INFO(length);
    CHECK_THROWS_WITH(put_in(std::string(length, 'x')),
                      Catch::Contains("the input ended after " + std::to_string(length) + " bytes of 2097152"));
    CHECK(code_of([&] { put_in(std::string(length, '\0')); }) == std::errc::no_message_available);
  }
  CHECK(code_of([&] { put_in(std::string(2 * mib + 1, 'x')); }) == std::errc::file_too_large);
  CHECK(code_of([&] { put_in(std::string(2 * mib + 1, '\0')); }) == std::errc::file_too_large);
  CHECK(helper.size() == 2 * mib);
}

TEST_CASE_METHOD(ContentFixture, "only the beginning of an image is moved if that is what is wanted") {
  helper.create(3);
  put_in(std::string(3 * mib, 'o'));
  put_in(std::string(2 * mib, 'n'), {.size_mib = 2});
  CHECK(exported().text == std::string(2 * mib, 'n') + std::string(mib, 'o'));
  CHECK(exported({.size_mib = 1}).text == std::string(mib, 'n'));
  CHECK(code_of([&] { put_in(std::string(3 * mib, 'n'), {.size_mib = 2}); }) == std::errc::file_too_large);
  CHECK(code_of([&] { put_in(std::string(mib, 'n'), {.size_mib = 2}); }) == std::errc::no_message_available);
  for (const std::int64_t size : {4, 0, -1}) {
    INFO(size);
    CHECK(code_of([&] { put_in(std::string(4 * mib, 'n'), {.size_mib = size}); }) == gg::Errc::invalid_size);
    CHECK(code_of([&] { exported({.size_mib = size}); }) == gg::Errc::invalid_size);
  }
  CHECK(helper.size() == 3 * mib);
}

TEST_CASE_METHOD(ContentFixture, "an image that is no whole number of pieces keeps its odd end") {
  store.put(disk, {.is_regular = true, .size_bytes = 2 * mib + 777, .mode = 0600});
  const auto text = std::string(2 * mib, '\0') + std::string(776, '\0') + "e";
  put_in(text);
  CHECK(exported().text == text);
  CHECK(code_of([&] { put_in(text + "x"); }) == std::errc::file_too_large);
}

TEST_CASE_METHOD(ContentFixture, "a failure at any step of an import is an error, also one that only a sync tells") {
  helper.create(3);
  for (const auto* step : {"write", "punch", "sync", "find"}) {
    INFO(step);
    put_in(std::string(3 * mib, 'o'));
    store.fail_at = step;
    store.error = ENOSPC;
    store.fail_after = std::string(step) == "sync" || std::string(step) == "write" ? 1 : 0;
    CHECK(code_of([&] { put_in(std::string(2 * mib, 'x') + std::string(mib, '\0')); }) ==
          std::errc::no_space_on_device);
    store.fail_at = "";
    CHECK(helper.size() == 3 * mib);
  }
}

TEST_CASE_METHOD(ContentFixture, "an import that fails on a full volume says so, whatever the volume says") {
  helper.create(3);
  store.volume.free_bytes = mib;
  store.lost = GENERATE(false, true);
  for (const auto* step : {"write", "sync"}) {
    INFO(step);
    store.fail_at = step;
    store.fail_after = 1;
    CHECK(code_of([&] { put_in(std::string(3 * mib, 'x')); }) == std::errc::no_space_on_device);
  }
}

TEST_CASE_METHOD(ContentFixture, "an image whose holes cannot be told and which cannot be read is not imported to") {
  store.tells_data = false;
  helper.create(1);
  store.fail_at = "read";
  CHECK(code_of([&] { put_in(std::string(mib, '\0')); }) == std::errc::io_error);
  CHECK(code_of([&] { exported(); }) == std::errc::io_error);
}

TEST_CASE_METHOD(ContentFixture, "nothing is moved to or from what is no complete image, nor created") {
  const auto refused = [this] {
    TextSource source(std::string(mib, 'x'));
    const auto code = code_of([&] { helper.import_from(source); });
    CHECK(code_of([&] { exported(); }) == code);
    CHECK(source.given() == 0);
    return code;
  };
  CHECK(refused() == std::errc::no_such_file_or_directory);
  CHECK(store.images.empty());
  store.put(disk, {.is_regular = true, .size_bytes = mib, .mode = 0200});
  CHECK(refused() == gg::Errc::unfinished_image);
  store.put(disk, {.is_regular = false, .size_bytes = mib, .mode = 0600});
  CHECK(refused() == gg::Errc::not_an_image);
}

TEST_CASE_METHOD(ContentFixture, "an image that somebody removes or makes smaller meanwhile is an error") {
  helper.create(3);
  const auto remove = [this](auto, auto) { store.remove(disk); };
  CHECK(code_of([&] { put_in(std::string(3 * mib, 'x'), {.progress = remove}); }) ==
        std::errc::no_such_file_or_directory);
  helper.create(3);
  const auto shrink = [this](auto, auto) { image().attributes.size_bytes = 2 * mib - 1; };
  put_in(std::string(3 * mib, 'x'));
  CHECK(code_of([&] { exported({.progress = shrink}); }) == std::errc::no_message_available);
}

TEST_CASE_METHOD(ContentFixture, "both ways tell how far they are, and what that throws cancels") {
  helper.create(2);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
  const auto note = [&](auto done, auto total) { told.emplace_back(done / mib, total / mib); };
  put_in(std::string(2 * mib, 'x'), {.progress = note});
  exported({.progress = note});
  CHECK(told == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2}, {2, 2}, {1, 2}, {2, 2}});
  const auto cancel = [](auto, auto) { throw std::runtime_error("cancelled"); };
  CHECK_THROWS_WITH(put_in(std::string(2 * mib, 'y'), {.progress = cancel}), "cancelled");
  CHECK_THROWS_WITH(exported({.progress = cancel}), "cancelled");
}
