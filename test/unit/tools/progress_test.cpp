// SPDX-License-Identifier: BSD-2-Clause
#include <catch2/catch.hpp>

#include "progress.hpp"
#include "test/unit/base/mib.hpp"

using namespace std::chrono_literals;
using ganeti::gluster::tool::progress_text;
using ganeti::gluster::tool::WorkDone;

namespace {

using ganeti::gluster::test::mib;

}  // namespace

TEST_CASE("progress has a bar of at most forty characters") {
  const WorkDone work{256 * mib, 1024 * mib, 9s};
  CHECK(progress_text(work, 200) == "[##########                              ]   25%  256M of 1.0G, 27s left");
}

TEST_CASE("a narrow terminal gets a shorter bar, then none, then percent alone") {
  const WorkDone work{256 * mib, 1024 * mib, 9s};
  CHECK(progress_text(work, 42) == "[##        ]   25%  256M of 1.0G, 27s left");
  CHECK(progress_text(work, 41) == " 25%  256M of 1.0G, 27s left");
  CHECK(progress_text(work, 27) == " 25%");
  CHECK(progress_text(work, 3) == " 25");
  CHECK(progress_text(work, 0).empty());
}

TEST_CASE("progress never is wider than the terminal") {
  for (std::uint64_t done = 0; done <= 3000; done += 100) {
    for (std::size_t width = 0; width < 120; ++width) {
      CHECK(progress_text({done * mib, 3000 * mib, 100s}, width).size() <= width);
    }
  }
}

TEST_CASE("how long work will last is not told before anything is known of it, nor at its end") {
  CHECK(progress_text({0, 64 * mib, 5s}, 20) == "  0%  0M of 64M");
  CHECK(progress_text({32 * mib, 64 * mib, 0s}, 20) == " 50%  32M of 64M");
  CHECK(progress_text({64 * mib, 64 * mib, 5s}, 20) == "100%  64M of 64M");
}
