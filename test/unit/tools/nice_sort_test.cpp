// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "nice_sort.hpp"

using ganeti::gluster::tool::is_nicely_before;

namespace {

// Sorts from the reverse of what is expected, so that nothing is in place by chance.
void check_order(const std::vector<std::string>& expected) {
  auto names = expected;
  std::reverse(names.begin(), names.end());
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return is_nicely_before(a, b); });
  CHECK(names == expected);
}

}  // namespace

TEST_CASE("names are sorted as Ganeti sorts them") {
  check_order({"a1", "a2", "a10", "a11"});
  check_order({"", "0", "0;099", "20", "a", "a3", "b1", "i", "x"});
  check_order({"ganeti/1", "ganeti/a", "ganeti/a1", "ganeti/b"});
}

TEST_CASE("the index of a disk counts by value, however many parts the uuid has") {
  const std::string uuid = "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.";
  check_order({uuid + "0", uuid + "2", uuid + "10", uuid + "99999999999999999998", uuid + "99999999999999999999"});
}

TEST_CASE("numbers of the same value have a fixed order all the same") {
  check_order({"x01", "x1"});
  check_order({"x01a", "x1b"});
  CHECK_FALSE(is_nicely_before("x1", "x1"));
  CHECK_FALSE(is_nicely_before("", ""));
}
