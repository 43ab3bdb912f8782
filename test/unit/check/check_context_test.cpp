// SPDX-License-Identifier: BSD-2-Clause
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "check/check_context.hpp"

namespace ganeti::gluster {

TEST_CASE("a finding names the first hundred of what is ill, and counts all") {
  const CheckOptions options;
  CheckReport report;
  CheckContext context{options, report, Deadline::in(std::chrono::seconds(20))};
  std::vector<std::string> names(101, "some-file");
  names[99] = "the last one";
  const auto& many = context.add("STRAY_FILES", "there are 101", "", names);
  CHECK(many.extent == 101);
  REQUIRE(many.objects.size() == 100);
  CHECK(many.objects.back() == "the last one");
  const auto& few = context.add("STRAY_FILES", "there is 1", "", {"some-file"});
  CHECK(few.extent == 1);
  CHECK(few.objects == std::vector<std::string>{"some-file"});
}

}  // namespace ganeti::gluster
