// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>

#include "fake_store.hpp"

namespace gg = ganeti::gluster;

namespace {

class MoveFixture {
 protected:
  gg::FakeStore store;
  gg::DiskPath from{"ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.0"};
  gg::DiskPath to{"ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.1"};
  gg::FileDeviceHelper helper{store, from};

  template <typename Error>
  std::error_code code_of_move() {
    try {
      helper.move(to);
    } catch (const Error& error) {
      return error.code();
    }
    return {};
  }

  // Names of images, in order.
  std::string names() {
    std::string text;
    for (const auto& [name, image] : store.images) text += name.back();
    return text;
  }
};

}  // namespace

TEST_CASE_METHOD(MoveFixture, "a moved image keeps its content, its label tells the new name, and the helper follows") {
  helper.create(5, gg::ImageLabel{.instance = "inst1.example.com"});
  const auto image = store.images.at(from.text());
  helper.move(to);
  CHECK(names() == "1");
  CHECK(store.images.at(to.text()) == image);
  CHECK(image->durable);
  CHECK(helper.disk() == to);
  CHECK(helper.label()->disk == to.text());
  CHECK(helper.label()->instance == "inst1.example.com");
}

TEST_CASE_METHOD(MoveFixture, "moving to the same name needs the image and does nothing") {
  CHECK_THROWS_AS(helper.move(from), gg::ImageError);
  helper.create(5);
  helper.move(from);
  CHECK(names() == "0");
}

TEST_CASE_METHOD(MoveFixture, "an existing image is never replaced") {
  helper.create(5);
  gg::FileDeviceHelper(store, to).create(7);
  CHECK(code_of_move<gg::ImageError>() == std::errc::file_exists);
  CHECK(names() == "01");
  CHECK(helper.disk() == from);
}

TEST_CASE_METHOD(MoveFixture, "a move that was killed between its two steps is completed") {
  helper.create(5);
  store.link(from, to);
  helper.move(to);
  CHECK(names() == "1");
}

TEST_CASE_METHOD(MoveFixture, "what is absent, unfinished or no regular file does not move") {
  CHECK(code_of_move<gg::ImageError>() == std::errc::no_such_file_or_directory);
  store.put(from, {.is_regular = true, .mode = 0200});
  CHECK(code_of_move<gg::ImageError>() == gg::Errc::unfinished_image);
  store.put(from, {.is_regular = false, .mode = 0755});
  CHECK(code_of_move<gg::ImageError>() == gg::Errc::not_an_image);
  CHECK(names() == "0");
}

TEST_CASE_METHOD(MoveFixture, "a move that fails leaves the old name alone, unless nobody knows what became of it") {
  helper.create(5);
  store.fail_at = "link";
  CHECK(code_of_move<gg::ImageError>() == std::errc::io_error);
  CHECK(names() == "0");
  // The answer was lost: the old name may be gone, and then the new one is the only one.
  store.lost = true;
  for (const auto* step : {"sync", "remove"}) {
    INFO(step);
    store.fail_at = step;
    CHECK(code_of_move<gg::MountError>() == gg::Errc::mount_lost);
    CHECK(names() == "01");
  }
  store.fail_at.clear();
  helper.move(to);
  CHECK(names() == "1");
}

TEST_CASE_METHOD(MoveFixture, "of two moves to different names at once one ends as if it had never begun") {
  helper.create(5);
  store.after_link = [this] {  // another process is quicker
    const gg::DiskPath other("ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.2");
    gg::FileDeviceHelper(store, from).move(other);
  };
  CHECK(code_of_move<gg::ImageError>() == std::errc::no_such_file_or_directory);
  CHECK(names() == "2");
}

TEST_CASE_METHOD(MoveFixture, "of two moves to the same name at once both succeed") {
  helper.create(5);
  store.after_link = [this] { gg::FileDeviceHelper(store, from).move(to); };
  CHECK(code_of_move<gg::ImageError>() == std::error_code());
  CHECK(names() == "1");
}
