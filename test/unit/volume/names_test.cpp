// SPDX-License-Identifier: BSD-2-Clause
#include <string>

#include <catch2/catch.hpp>

#include <ganeti-gluster/volume/volume.hpp>

#include "test/unit/volume/refused.hpp"

using namespace ganeti::gluster;
using test::refused;

namespace {

GlusterVolume named(const std::string& volume, const std::string& subdir = {}) {
  VolumeParameters parameters;
  parameters.volume = volume;
  parameters.subdir = subdir;
  return GlusterVolume(parameters);
}

std::string repeat(const std::string& text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

}  // namespace

TEST_CASE("names that gluster volume create takes are taken") {
  const auto name = GENERATE(as<std::string>(), "gv0", "a", "0", "_", "A-b_9", "Volume", "allx", "x-o", "snaps");
  CHECK(named(name).name() == name);
  CHECK(named(std::string(255, 'v')).name().size() == 255);
}

TEST_CASE("names that gluster volume create refuses are refused with the rule") {
  const auto name = GENERATE(as<std::string>(), "", "-gv0", "-o", "volume", "type", "subvolumes", "option",
                             "end-volume", "all", "volume_not_in_ring", "description", "force", "snap-max-hard-limit",
                             "snap-max-soft-limit", "auto-delete", "activate-on-create", "g v", "gv0,ro", "gv0;reboot",
                             "$(id)", "`id`", "gv|0", "gv&0", "gv>0", "gv*", "gv?", "gv'0", "gv\"0", "gv\\0", "gv:0",
                             "gv.0", "gv\n0", "gv0\n", "gv\t0", "gv\x7f", "gv\xc3\xa4", "gv\xff", ".", "..", "../gv0");
  CAPTURE(name);
  const auto error = refused([&] { return named(name); });
  REQUIRE(error);
  CHECK(error->code() == Errc::invalid_volume);
  CHECK_FALSE(error->text().why.empty());
  CHECK_FALSE(error->text().cure.empty());
}

TEST_CASE("a NUL in a name does not end it") {
  CHECK(refused([] { return named(std::string("gv0\0x", 5)); }));
  CHECK(refused([] { return named("gv0", std::string("a\0b", 3)); }));
}

TEST_CASE("a name longer than 255 characters is refused") {
  const auto error = refused([] { return named(std::string(256, 'v')); });
  REQUIRE(error);
  CHECK(std::string(error->what()) ==
        "volume name \"" + std::string(80, 'v') +
            "\"... (256 bytes): cannot use it for a volume: a volume's name has at most 255 characters; give a name "
            "that `gluster volume list` shows (gluster:volume)");
}

TEST_CASE("a refusal shows odd bytes escaped and on one line") {
  const auto error = refused([] { return named("a\n\"b\xff"); });
  REQUIRE(error);
  CHECK(error->text().subject == R"(volume name "a\n\"b\xff")");
}

TEST_CASE("a subdir is taken after the volume name or by itself") {
  CHECK(named("gv0/vms").subdir() == "vms");
  CHECK(named("gv0/vms").name() == "gv0");
  CHECK(named("gv0/vms/a/b").subdir() == "vms/a/b");
  CHECK(named("gv0", "vms/a").subdir() == "vms/a");
  CHECK(named("gv0/vms", "vms").subdir() == "vms");
  CHECK(named("gv0/").subdir().empty());
}

TEST_CASE("superfluous slashes of a subdir are dropped") {
  CHECK(named("gv0", "vms//a/").subdir() == "vms/a");
  CHECK(named("gv0/vms/", "vms").subdir() == "vms");
}

TEST_CASE("dots within the parts of a subdir are nothing special") {
  CHECK(named("gv0", ".hidden/a..b/c...").subdir() == ".hidden/a..b/c...");
}

TEST_CASE("a subdir that could be an option, another path or a shell word is refused") {
  const auto subdir = GENERATE(as<std::string>(), "/vms", "..", "../x", "a/..", "a/../b", ".", "a/./b", "-o", "a/-o",
                               "a b", "a,ro", "a:b", "a;b", "$HOME", "`id`", "a*", "a?", "[a]", "a'b", "a\"b", "a\\b",
                               "a|b", "a&b", "a<b", "~", "a#b", "a\nb", "a\tb", "a\x01", "\xc3\xa4");
  CAPTURE(subdir);
  CHECK(refused([&] { return named("gv0", subdir); }));
  CHECK(refused([&] { return named("gv0/" + subdir); }));
}

TEST_CASE("an over-long subdir is refused") {
  CHECK_NOTHROW(named("gv0", std::string(255, 'a')));
  CHECK(refused([] { return named("gv0", std::string(256, 'a')); }));
  CHECK_NOTHROW(named("gv0", repeat("abc/", 255) + "abc"));
  CHECK(refused([] { return named("gv0", repeat("abc/", 255) + "abcd"); }));
}

TEST_CASE("two different subdirs in one set of parameters are refused") {
  CHECK(refused([] { return named("gv0/a", "b"); }));
}

TEST_CASE("the volume name snaps has no subdir, since mount.glusterfs takes it for a snapshot") {
  CHECK(refused([] { return named("snaps/one"); }));
  CHECK(refused([] { return named("snaps", "one/two"); }));
}
