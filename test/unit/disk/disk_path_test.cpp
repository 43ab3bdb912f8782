// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/disk/disk_path.hpp>
#include <ganeti-gluster/error.hpp>

namespace gg = ganeti::gluster;

namespace {

const std::string uuid = "0f84c75a-1b1c-4b8e-9c4e-3a2d1f0e9b77";

}  // namespace

TEST_CASE("the path part of a logical id is accepted as Ganeti writes it") {
  const gg::DiskPath disk("ganeti/" + uuid + ".0");
  CHECK(disk.text() == "ganeti/" + uuid + ".0");
  CHECK(disk.file_name() == uuid + ".0");
  CHECK_NOTHROW(gg::DiskPath("ganeti/" + uuid + ".15"));
}

TEST_CASE("nothing else can be a disk") {
  const std::string upper = "0F84C75A-1B1C-4B8E-9C4E-3A2D1F0E9B77";
  const std::string bad[] = {"",
                             "ganeti/",
                             uuid + ".0",
                             "/ganeti/" + uuid + ".0",
                             "ganeti//" + uuid + ".0",
                             "ganeti/../" + uuid + ".0",
                             "ganeti/" + uuid,
                             "ganeti/" + uuid + ".",
                             "ganeti/" + uuid + ".00",
                             "ganeti/" + uuid + ".01",
                             "ganeti/" + uuid + ".-1",
                             "ganeti/" + uuid + ".0 ",
                             "ganeti/" + uuid + ".0\n",
                             "ganeti/" + uuid + ".0/x",
                             "ganeti/" + uuid + ".123456",
                             "ganeti/" + upper + ".0",
                             "ganeti/" + uuid.substr(1) + ".0",
                             "ganeti/x" + uuid.substr(1) + ".0",
                             "other/" + uuid + ".0",
                             std::string("ganeti/" + uuid + ".0\0", 45)};
  for (const auto& text : bad) {
    INFO(text);
    CHECK_THROWS_AS(gg::DiskPath(text), gg::ImageError);
  }
}
