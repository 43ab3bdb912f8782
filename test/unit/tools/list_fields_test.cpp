// SPDX-License-Identifier: BSD-2-Clause
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "list_fields.hpp"
#include "test/unit/base/mib.hpp"

using ganeti::gluster::DiskPath;
using ganeti::gluster::ImageInfo;
using ganeti::gluster::ImageLabel;
using namespace ganeti::gluster::tool;

namespace {

using ganeti::gluster::test::mib;

std::vector<std::string> names(const std::vector<ListField>& fields) {
  std::vector<std::string> result;
  for (const auto& field : fields) result.emplace_back(field.name);
  return result;
}

ListedDisk listed(std::string state) {
  return {DiskPath("ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0"), "/gluster/image", std::move(state), {}, {}};
}

ListedDisk labelled() {
  auto disk = listed(complete_state);
  disk.image = ImageInfo{1536 * mib, 512 * mib, 2};
  disk.label = ImageLabel();
  disk.label->instance = "web1.example.com";
  disk.label->created = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
  return disk;
}

std::string text(const std::string& field, const ListedDisk& disk, Units units = Units::automatic) {
  return select_fields(field).front().text(disk, units);
}

}  // namespace

TEST_CASE("fields are taken in the order in which they are asked for") {
  CHECK(names(select_fields("path")) == std::vector<std::string>{"path"});
  CHECK(names(select_fields("size,disk,size")) == std::vector<std::string>{"size", "disk", "size"});
}

TEST_CASE("after a plus the fields are added to the default ones") {
  auto expected = names(select_fields(default_list_fields));
  expected.insert(expected.end(), {"links", "path"});
  CHECK(names(select_fields("+links,path")) == expected);
}

TEST_CASE("an unknown field is refused with all that there are") {
  for (const auto* list : {"disc", "", "+", "disk,", ",disk", "disk,,size", "disk, size", "DISK", "+disk,+size"}) {
    INFO(list);
    CHECK_THROWS_AS(select_fields(list), std::invalid_argument);
  }
  CHECK_THROWS_WITH(select_fields("disk,disc"),
                    "there is no field 'disc'; the fields are disk, size, allocated, state, instance, cluster, uuid, "
                    "created, info, links, path");
}

TEST_CASE("a field asks for no more reading than it needs") {
  for (const auto* name : {"disk", "path"}) CHECK(select_fields(name).front().reading == Reading::name);
  for (const auto* name : {"size", "allocated", "state", "links"}) {
    CHECK(select_fields(name).front().reading == Reading::image);
  }
  for (const auto* name : {"instance", "cluster", "uuid", "created", "info"}) {
    CHECK(select_fields(name).front().reading == Reading::label);
  }
}

TEST_CASE("fields are written for people") {
  const auto disk = labelled();
  CHECK(text("disk", disk) == "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0");
  CHECK(text("size", disk) == "1.5G");
  CHECK(text("size", disk, Units::mib) == "1536");
  CHECK(text("allocated", disk, Units::gib) == "0.5");
  CHECK(text("links", disk) == "2");
  CHECK(text("instance", disk) == "web1.example.com");
  CHECK(text("created", disk) == "2026-03-01T00:00:00Z");
  CHECK(select_fields("created").front().heading() == "CREATED");
}

TEST_CASE("fields are given to machines as they are") {
  const auto value = [](const std::string& field, const ListedDisk& disk) {
    return select_fields(field).front().value(disk);
  };
  CHECK(select_fields("size").front().json_key() == "size_bytes");
  CHECK(select_fields("links").front().json_key() == "links");
  CHECK(value("size", labelled()) == 1536 * mib);
  CHECK(value("instance", labelled()) == "web1.example.com");
  CHECK(value("cluster", labelled()).is_null());
  CHECK(value("size", listed("EIO")).is_null());
}

TEST_CASE("what there is not differs from what could not be read") {
  CHECK(text("cluster", labelled()) == "-");
  CHECK(text("instance", listed(complete_state)) == "-");
  CHECK(text("instance", listed(unfinished_state)) == "-");
  CHECK(text("size", listed("EIO")) == "?");
  CHECK(text("instance", listed("EIO")) == "?");
  CHECK(text("state", listed("EIO")) == "EIO");
}

TEST_CASE("a hostile label is harmless") {
  auto disk = labelled();
  disk.label->info = "\x1b]0;owned\x07";
  CHECK(text("info", disk) == "?]0;owned?");
}

TEST_CASE("the manual has the same fields as the program") {
  std::ifstream file(TEST_DATA_DIR "/../../man/ganeti-gluster.8.scd");
  std::stringstream manual;
  manual << file.rdbuf();
  std::string table = "[[ *Field*\n:[ *Meaning*\n";
  for (const auto& field : list_fields()) table += std::string("|  ") + field.name + "\n:  " + field.meaning + "\n";
  CHECK_THAT(manual.str(), Catch::Contains(table + "\n"));
  CHECK_THAT(manual.str(), Catch::Contains(std::string("Default: _") + default_list_fields + "_."));
}
