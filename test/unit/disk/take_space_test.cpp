// SPDX-License-Identifier: BSD-2-Clause
#include <stdexcept>
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

class SpaceFixture {
 protected:
  gg::FakeStore store;
  gg::DiskPath disk{"ganeti/0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77.0"};
  gg::FileDeviceHelper helper{store, disk};
  std::vector<std::string> warnings;

  SpaceFixture() {
    gg::set_log_sink([this](gg::LogLevel level, std::string_view text) {
      if (level == gg::LogLevel::warning) warnings.emplace_back(text);
    });
  }
  ~SpaceFixture() { gg::set_log_sink({}); }
  SpaceFixture(const SpaceFixture&) = delete;
  SpaceFixture& operator=(const SpaceFixture&) = delete;
};

}  // namespace

TEST_CASE_METHOD(SpaceFixture, "preallocation takes the space in chunks and tells how far it is") {
  for (const auto preallocation : {gg::Preallocation::falloc, gg::Preallocation::full}) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> told;
    helper.create(150, {}, {.preallocation = preallocation, .progress = [&](auto done, auto total) {
                              told.emplace_back(done / mib, total / mib);
                            }});
    CHECK(told == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{64, 150}, {128, 150}, {150, 150}});
    CHECK(helper.info().allocated_bytes == 150 * mib);
    CHECK(helper.size() == 150 * mib);
    helper.grow(10, {.preallocation = preallocation});
    CHECK(helper.info().allocated_bytes == 160 * mib);
    CHECK(helper.remove());
  }
}

TEST_CASE_METHOD(SpaceFixture, "nothing is taken of a volume that has not enough") {
  store.volume.free_bytes = 100 * mib;
  CHECK(code_of([&] { helper.create(101, {}, {.preallocation = gg::Preallocation::falloc}); }) ==
        std::errc::no_space_on_device);
  CHECK(store.images.empty());
  CHECK(store.volume.free_bytes == 100 * mib);
}

TEST_CASE_METHOD(SpaceFixture, "space that goes in the middle ends the creation without an image") {
  const auto steal = [this](auto, auto) { store.volume.free_bytes = 10 * mib; };
  CHECK(code_of([&] { helper.create(200, {}, {.preallocation = gg::Preallocation::full, .progress = steal}); }) ==
        std::errc::no_space_on_device);
  CHECK(store.images.empty());
}

TEST_CASE_METHOD(SpaceFixture, "a failed write to a full volume is told as what it is") {
  const auto [step, calls_before] = GENERATE(table<std::string, int>({{"write_zeros", 1}, {"sync", 0}}));
  const auto lost = GENERATE(false, true);
  const auto free_mib = GENERATE(1, 10);
  CAPTURE(step, lost, free_mib);
  store.volume.free_bytes = 300 * mib;
  store.fail_at = step;
  store.fail_after = calls_before;
  store.lost = lost;
  store.before_failure = [&] { store.volume.free_bytes = static_cast<std::uint64_t>(free_mib) * mib; };
  const auto code = code_of([&] { helper.create(200, {}, {.preallocation = gg::Preallocation::full}); });
  if (free_mib == 1) {
    CHECK(code == std::errc::no_space_on_device);
  } else {
    CHECK((lost ? code == gg::Errc::mount_lost : code == std::errc::io_error));
  }
  CHECK(store.images.empty());
}

TEST_CASE_METHOD(SpaceFixture, "no zeros are written to what could not be reserved, unless nothing can be") {
  for (const auto error : {ENOSPC, EOPNOTSUPP}) {
    CAPTURE(error);
    store.fail_at = "allocate";
    store.fail_after = 0;
    store.error = error;
    int written = 0;
    const gg::SpaceOptions full{.preallocation = gg::Preallocation::full, .progress = [&](auto...) { ++written; }};
    const auto code = code_of([&] { helper.create(150, {}, full); });
    CHECK(code == (error == ENOSPC ? std::error_code(ENOSPC, std::generic_category()) : std::error_code()));
    CHECK(written == (error == ENOSPC ? 0 : 3));
    CHECK(helper.exists() == (error != ENOSPC));
  }
}

TEST_CASE_METHOD(SpaceFixture, "what the progress throws cancels, and the caller gets it") {
  const auto cancel = [](auto, auto) { throw std::runtime_error("cancelled"); };
  CHECK_THROWS_WITH(helper.create(200, {}, {.preallocation = gg::Preallocation::falloc, .progress = cancel}),
                    "cancelled");
  CHECK(store.images.empty());
  helper.create(20);
  CHECK_THROWS_WITH(helper.grow(200, {.preallocation = gg::Preallocation::falloc, .progress = cancel}), "cancelled");
  CHECK(helper.size() == 20 * mib);
}

TEST_CASE_METHOD(SpaceFixture, "a failed growth gives the old size back") {
  helper.create(20);
  store.fail_at = "sync";
  CHECK(code_of([&] { helper.grow(5); }) == std::errc::io_error);
  CHECK(helper.size() == 20 * mib);
}

TEST_CASE_METHOD(SpaceFixture, "an image that could not be filled is allowed, warned of, or refused") {
  store.volume.free_bytes = 10 * mib;
  helper.create(11, {}, {.overcommit = gg::Overcommit::allow});
  CHECK(warnings.empty());
  CHECK(helper.remove());
  helper.create(11, {}, {.overcommit = gg::Overcommit::warn});
  CHECK(warnings.size() == 1);
  CHECK(helper.remove());
  CHECK(code_of([&] { helper.create(11, {}, {.overcommit = gg::Overcommit::refuse}); }) ==
        std::errc::no_space_on_device);
  CHECK(store.images.empty());
  helper.create(10, {}, {.overcommit = gg::Overcommit::refuse});
  CHECK(code_of([&] { helper.check_grow(1, {.overcommit = gg::Overcommit::refuse}); }) ==
        std::errc::no_space_on_device);
  warnings.clear();
  helper.grow(1);
  CHECK(warnings.size() == 1);
}

TEST_CASE_METHOD(SpaceFixture, "what an image has taken already does not count as overcommitted") {
  helper.create(100, {}, {.preallocation = gg::Preallocation::full});
  store.volume.free_bytes = 5 * mib;
  helper.grow(5, {.overcommit = gg::Overcommit::refuse});
  CHECK(helper.size() == 105 * mib);
}

TEST_CASE_METHOD(SpaceFixture, "a creation that takes over a killed one counts what that one took as free") {
  store.put(disk, {.is_regular = true, .size_bytes = 90 * mib, .allocated_bytes = 90 * mib, .mode = 0200});
  store.volume.free_bytes = 10 * mib;
  helper.create(95, {}, {.preallocation = gg::Preallocation::falloc});
  CHECK(helper.size() == 95 * mib);
}
