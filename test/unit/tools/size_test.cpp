// SPDX-License-Identifier: BSD-2-Clause
#include <limits>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "size.hpp"
#include "test/unit/base/mib.hpp"

using ganeti::gluster::tool::format_size;
using ganeti::gluster::tool::parse_size_mib;
using ganeti::gluster::tool::Units;

namespace {

using ganeti::gluster::test::mib;

}  // namespace

TEST_CASE("a size without a unit is in MiB") {
  CHECK(parse_size_mib("1") == 1);
  CHECK(parse_size_mib("20480") == 20480);
}

TEST_CASE("the units are powers of 1024 in any case and spelling") {
  for (const auto* text : {"512m", "512M", "512mb", "512MB", "512MiB", "512 mib"}) CHECK(parse_size_mib(text) == 512);
  for (const auto* text : {"20g", "20G", "20gb", "20GB", "20GiB", "20\tgib"}) CHECK(parse_size_mib(text) == 20480);
  for (const auto* text : {"2t", "2T", "2tb", "2TB", "2TiB"}) CHECK(parse_size_mib(text) == 2 * 1024 * 1024);
}

TEST_CASE("a size may have decimals and is rounded up to whole MiB") {
  CHECK(parse_size_mib("1.5g") == 1536);
  CHECK(parse_size_mib(".5g") == 512);
  CHECK(parse_size_mib("5.") == 5);
  CHECK(parse_size_mib("0.1g") == 103);
  CHECK(parse_size_mib("1.001") == 2);
  CHECK(parse_size_mib("0.001") == 1);
}

TEST_CASE("a size is not rounded up to a multiple of four MiB as Ganeti does") {
  CHECK(parse_size_mib("5") == 5);
  CHECK(parse_size_mib("1021m") == 1021);
}

TEST_CASE("a size that no image can have is refused") {
  CHECK_THROWS_AS(parse_size_mib("0"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib("0.0G"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib("-5"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib("-5G"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib("8796093022208"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib("8388608T"), std::invalid_argument);
  CHECK_THROWS_AS(parse_size_mib(std::string(400, '9')), std::invalid_argument);
}

TEST_CASE("the largest size fits into 63 bits of bytes") {
  const auto most = parse_size_mib("8796093022207");
  CHECK(most == 8796093022207);
  CHECK(static_cast<std::uint64_t>(most) * mib <= std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what is no size is refused") {
  for (const auto* text : {"", " ", "G", ".", "1.2.3", "20X", "20GG", "20G5", "20 G ", " 20G", "+20", "1e3", "0x10",
                           "20k", "20p", "inf", "nan", "1,5g", "20G;"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_size_mib(text), std::invalid_argument);
  }
}

TEST_CASE("a refused size says which rule it breaks") {
  CHECK_THROWS_WITH(parse_size_mib("20X"), "'X' is no unit of size; the units are M, G and T");
  CHECK_THROWS_WITH(parse_size_mib("-1"), "a size cannot be negative");
}

TEST_CASE("sizes are written as Ganeti writes them") {
  CHECK(format_size(0) == "0M");
  CHECK(format_size(512 * mib) == "512M");
  CHECK(format_size(1023 * mib) == "1023M");
  CHECK(format_size(1024 * mib) == "1.0G");
  CHECK(format_size(9728 * mib) == "9.5G");
  CHECK(format_size(1023 * 1024 * mib) == "1023.0G");
  CHECK(format_size(1024 * 1024 * mib) == "1.0T");
  CHECK(format_size(1258291 * mib) == "1.2T");
}

TEST_CASE("sizes in a unit that was asked for are bare numbers") {
  CHECK(format_size(0, Units::mib) == "0");
  CHECK(format_size(1536 * mib, Units::mib) == "1536");
  CHECK(format_size(1536 * mib, Units::gib) == "1.5");
  CHECK(format_size(512 * mib, Units::tib) == "0.0");
  CHECK(format_size(1258291 * mib, Units::tib) == "1.2");
}

TEST_CASE("units have Ganeti's letters") {
  CHECK(to_string(Units::automatic) == "h");
  CHECK(to_string(Units::mib) == "m");
  CHECK(to_string(Units::gib) == "g");
  CHECK(to_string(Units::tib) == "t");
}
