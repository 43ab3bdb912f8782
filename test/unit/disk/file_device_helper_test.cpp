// SPDX-License-Identifier: BSD-2-Clause
#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>

#include "fake_store.hpp"
#include "test/unit/base/code_of.hpp"
#include "test/unit/base/mib.hpp"

namespace gg = ganeti::gluster;
using gg::test::code_of;

namespace {

using ganeti::gluster::test::mib;

class HelperFixture {
 protected:
  gg::FakeStore store;
  gg::DiskPath disk{"ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.0"};
  gg::FileDeviceHelper helper{store, disk};

  gg::FakeStore::Image& image() { return *store.images.at(disk.text()); }
};

}  // namespace

TEST_CASE_METHOD(HelperFixture, "a created image has its size, mode 0600, and is durable") {
  helper.create(5);
  CHECK(image().attributes.size_bytes == 5 * mib);
  CHECK(image().attributes.mode == 0600);
  CHECK(image().durable);
  CHECK(helper.exists());
  CHECK(helper.size() == 5 * mib);
}

TEST_CASE_METHOD(HelperFixture, "an existing image is never created again, even with size 0") {
  helper.create(5);
  CHECK(code_of([&] { helper.create(7); }) == std::errc::file_exists);
  CHECK(helper.size() == 5 * mib);
  image().attributes.size_bytes = 0;  // as Ganeti's wipe leaves it for a moment
  CHECK(code_of([&] { helper.create(7); }) == std::errc::file_exists);
  CHECK(helper.exists());
}

TEST_CASE_METHOD(HelperFixture, "a creation that fails at any step leaves no image") {
  for (const auto* step : {"create", "set_attribute", "truncate", "set_mode", "sync"}) {
    INFO(step);
    store.fail_at = step;
    store.error = ENOSPC;
    CHECK(code_of([&] { helper.create(5, gg::ImageLabel()); }) == std::errc::no_space_on_device);
    CHECK(store.images.empty());
  }
}

TEST_CASE_METHOD(HelperFixture, "a creation neither removes nor claims an image that took the place of its own") {
  const auto replace = [this](auto, auto) {
    store.remove(disk);
    store.put(disk, {.is_regular = true, .size_bytes = 7 * mib, .mode = 0600});
  };
  CHECK(code_of([&] { helper.create(5, {}, {.preallocation = gg::Preallocation::full, .progress = replace}); }) ==
        std::errc::file_exists);
  CHECK(helper.size() == 7 * mib);
}

TEST_CASE_METHOD(HelperFixture, "what a killed creation left never attaches, and the next creation takes it over") {
  for (const std::uint64_t size : {0U, 5U}) {
    INFO(size);
    store.put(disk, {.is_regular = true, .size_bytes = size * mib, .mode = 0200});
    CHECK(code_of([&] { static_cast<void>(helper.exists()); }) == gg::Errc::unfinished_image);
    CHECK(code_of([&] { helper.grow(1); }) == gg::Errc::unfinished_image);
    helper.create(3);
    CHECK(helper.size() == 3 * mib);
    CHECK(image().attributes.mode == 0600);
    CHECK(helper.remove());
  }
}

TEST_CASE_METHOD(HelperFixture, "an unfinished image whose creator still works on it exists") {
  store.put(disk, {.is_regular = true, .mode = 0200}).locked = true;
  CHECK(code_of([&] { helper.create(3); }) == std::errc::file_exists);
  CHECK(store.images.size() == 1);
}

TEST_CASE_METHOD(HelperFixture, "absent, unreachable and not a regular file are three different answers") {
  CHECK_FALSE(helper.exists());
  CHECK(code_of([&] { static_cast<void>(helper.size()); }) == std::errc::no_such_file_or_directory);
  store.put(disk, {.is_regular = false, .mode = 0755});
  CHECK(code_of([&] { static_cast<void>(helper.exists()); }) == gg::Errc::not_an_image);
  store.fail_at = "find";
  store.error = ENOTCONN;
  CHECK(code_of([&] { static_cast<void>(helper.exists()); }) == std::errc::not_connected);
}

TEST_CASE_METHOD(HelperFixture, "sizes that cannot be are refused before anything is touched") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  store.volume.size_bytes = std::numeric_limits<std::uint64_t>::max();
  for (const auto size : {std::int64_t{0}, std::int64_t{-1}, most, most / 1024 / 1024 + 1}) {
    INFO(size);
    CHECK(code_of([&] { helper.create(size); }) == gg::Errc::invalid_size);
  }
  CHECK(store.images.empty());
  helper.create(1);
  CHECK(code_of([&] { helper.grow(-1); }) == gg::Errc::invalid_size);
  CHECK(code_of([&] { helper.grow(most); }) == gg::Errc::invalid_size);
  CHECK(code_of([&] { helper.grow(most / 1024 / 1024); }) == gg::Errc::invalid_size);
  CHECK(helper.size() == mib);
}

TEST_CASE_METHOD(HelperFixture, "an image is never larger than the whole volume") {
  store.volume.size_bytes = 10 * mib;
  CHECK(code_of([&] { helper.create(11); }) == std::errc::no_space_on_device);
  helper.create(10);
  CHECK(code_of([&] { helper.grow(1); }) == std::errc::no_space_on_device);
}

TEST_CASE_METHOD(HelperFixture, "growing adds to the size, and checking it changes nothing") {
  helper.create(2);
  helper.check_grow(3);
  CHECK(helper.size() == 2 * mib);
  helper.grow(3);
  CHECK(helper.size() == 5 * mib);
  CHECK(image().durable);
  helper.grow(0);
  CHECK(helper.size() == 5 * mib);
}

TEST_CASE_METHOD(HelperFixture, "removing is idempotent and tells whether there was something") {
  CHECK_FALSE(helper.remove());
  helper.create(2);
  CHECK(helper.remove());
  CHECK_FALSE(helper.remove());
}

TEST_CASE_METHOD(HelperFixture, "an image that somebody else grows is left alone") {
  helper.create(5);
  image().locked = true;
  CHECK(code_of([&] { helper.grow(1); }) == std::errc::device_or_resource_busy);
  CHECK(helper.size() == 5 * mib);
}

TEST_CASE_METHOD(HelperFixture, "an image tells what it is, and what it is not told stays") {
  helper.create(5, gg::ImageLabel{.cluster = "cluster.example.com", .disk_uuid = "d"});
  CHECK(helper.label()->cluster == "cluster.example.com");
  CHECK(helper.label()->size_mib == 5);
  CHECK(helper.label()->created);
  helper.grow(2);
  CHECK(helper.label()->size_mib == 7);
  auto label = *helper.label();
  label.set_info("originstname+inst1.example.com");
  helper.set_label(label);
  CHECK(helper.label() == label);
}

TEST_CASE_METHOD(HelperFixture, "an image that was created without a label, as the stock backend's, stays without") {
  helper.create(5);
  CHECK_FALSE(helper.label());
  helper.grow(1);
  CHECK_FALSE(helper.label());
}

// GlusterFS's client answers for a second what it saw before another node changed it.

TEST_CASE_METHOD(HelperFixture, "growing does not shrink an image that another node has grown a moment ago") {
  helper.create(5);
  image().remembered = image().attributes;
  image().attributes.size_bytes = 9 * mib;
  helper.grow(1);
  CHECK(helper.size() == 10 * mib);
}

TEST_CASE_METHOD(HelperFixture, "an image that another node has completed a moment ago is no leftover") {
  auto& completed = store.put(disk, {.is_regular = true, .size_bytes = 7 * mib, .mode = 0600});
  completed.remembered = {.is_regular = true, .mode = 0200};
  CHECK(code_of([&] { helper.create(5); }) == std::errc::file_exists);
  CHECK(helper.size() == 7 * mib);
}

TEST_CASE_METHOD(HelperFixture,
                 "an image for whose removal there is no room is emptied, but not if it has another name") {
  helper.create(5);
  store.fail_at = "remove";
  store.error = ENOSPC;
  image().remembered = image().attributes;
  image().attributes.links = 2;
  CHECK(code_of([&] { helper.remove(); }) == std::errc::no_space_on_device);
  CHECK(helper.size() == 5 * mib);
  image().attributes.links = 1;
  CHECK(code_of([&] { helper.remove(); }) == std::errc::no_space_on_device);
  CHECK(code_of([&] { static_cast<void>(helper.exists()); }) == gg::Errc::unfinished_image);
  CHECK(image().attributes.size_bytes == 0);
}
