// SPDX-License-Identifier: BSD-2-Clause
#include "base/record.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <ctime>

#include <fcntl.h>

#include <fmt/format.h>

#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* boot_key = "boot";

std::string without_controls(std::string value) {
  std::replace_if(
      value.begin(), value.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, ' ');
  return value;
}

}  // namespace

std::optional<Record> Record::parse(const std::string& content, const std::string& boot_id) {
  Record record;
  std::string_view rest = content;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;  // cut off
    const auto line = rest.substr(0, end);
    const auto equals = line.find(" = ");
    if (equals == std::string_view::npos) return std::nullopt;
    record.values_.emplace(line.substr(0, equals), line.substr(equals + 3));
    rest.remove_prefix(end + 1);
  }
  if (record.text(boot_key) != boot_id) return std::nullopt;
  return record;
}

std::string Record::format(const std::string& boot_id) const {
  auto content = fmt::format("{} = {}\n", boot_key, boot_id);
  for (const auto& [key, value] : values_) {
    if (key != boot_key) content += fmt::format("{} = {}\n", key, without_controls(value));
  }
  return content;
}

std::optional<Record> Record::read(int dir, const std::string& name) {
  const auto content = read_file(dir, name);
  return content ? parse(*content, ganeti::gluster::boot_id()) : std::nullopt;
}

void Record::write(int dir, const std::string& name) const {
  replace_file(dir, name, format(ganeti::gluster::boot_id()));
}

std::string Record::text(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second;
}

std::int64_t Record::number(const std::string& key) const {
  const auto value = text(key);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size() ? number : 0;
}

const std::string& boot_id() {
  static const std::string id = [] {
    auto text = read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id").value_or("unknown");
    text.erase(std::find(text.begin(), text.end(), '\n'), text.end());
    return text;
  }();
  return id;
}

std::chrono::milliseconds time_since_boot() noexcept {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace ganeti::gluster
