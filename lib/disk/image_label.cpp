// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/image_label.hpp>

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "base/controls.hpp"
#include "base/key_values.hpp"

namespace ganeti::gluster {
namespace {

using std::chrono::sys_days, std::chrono::sys_seconds, std::chrono::year;

struct TextRow {
  const char* key;
  std::string ImageLabel::*member;
};

constexpr TextRow text_rows[] = {
    {"cluster", &ImageLabel::cluster},     {"instance", &ImageLabel::instance}, {"disk", &ImageLabel::disk},
    {"disk_uuid", &ImageLabel::disk_uuid}, {"info", &ImageLabel::info},
};
constexpr const char* size_key = "size_mib";
constexpr const char* created_key = "created";

// What a clock shows that has not been set, or that somebody made up, tells nothing.
constexpr sys_seconds oldest = sys_days(year(2000) / 1 / 1);
constexpr sys_seconds newest = sys_days(year(2200) / 1 / 1);

// By hand, since strftime(3) reads the time zone's file first, once in each request.
std::string format_time(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<sys_seconds> checked_time(std::optional<sys_seconds> time) {
  return time >= oldest && time < newest ? time : std::nullopt;
}

std::optional<sys_seconds> parse_time(const std::string& text) {
  std::tm fields{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields) == nullptr) return std::nullopt;
  const auto time = checked_time(sys_seconds(std::chrono::seconds(timegm(&fields))));
  // strptime(3) puts up with blanks, and timegm(3) with 30 February.
  return time && format_time(*time) == text ? time : std::nullopt;
}

// Cut between characters, or anywhere if it is no UTF-8.
std::string readable(std::string text) {
  constexpr auto most = ImageLabel::most_text_bytes;
  constexpr std::size_t most_following_bytes = 3;  // of one character
  if (text.size() > most) {
    const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
    auto end = most;
    while (follows(text[end]) && most - end < most_following_bytes) --end;
    text.resize(follows(text[end]) ? most : end);
  }
  return without_controls(std::move(text));
}

}  // namespace

void ImageLabel::set_info(const std::string& text) {
  constexpr std::string_view before_name = "originstname+";
  info = text;
  if (text.starts_with(before_name) && text.size() > before_name.size()) instance = text.substr(before_name.size());
}

std::string ImageLabel::format() const {
  KeyValues values;
  for (const auto& row : text_rows) {
    if (const auto text = readable(this->*row.member); !text.empty()) values.set(row.key, text);
  }
  if (size_mib != 0) values.set(size_key, std::to_string(size_mib));
  if (const auto time = checked_time(created)) values.set(created_key, format_time(*time));
  return values.format();
}

ImageLabel ImageLabel::parse(std::string_view text) {
  const auto values = KeyValues::parse(text);
  ImageLabel label;
  for (const auto& row : text_rows) label.*row.member = readable(values.text(row.key));
  label.size_mib = static_cast<std::uint64_t>(std::max<std::int64_t>(0, values.number(size_key)));
  label.created = parse_time(values.text(created_key));
  return label;
}

}  // namespace ganeti::gluster
