// SPDX-License-Identifier: BSD-2-Clause
#include "base/record.hpp"

#include <algorithm>
#include <ctime>

#include <fcntl.h>

#include "base/file.hpp"

namespace ganeti::gluster {
namespace {

constexpr const char* boot_key = "boot";

}  // namespace

std::optional<Record> Record::parse(const std::string& content, const std::string& boot_id) {
  Record record(KeyValues::parse(content));
  if (!record.is_whole() || record.text(boot_key) != boot_id) return std::nullopt;
  return record;
}

std::string Record::format(const std::string& boot_id) const {
  KeyValues boot;
  boot.set(boot_key, boot_id);
  KeyValues rest(*this);
  rest.erase(boot_key);
  return boot.format() + rest.format();
}

std::optional<Record> Record::read(int dir, const std::string& name) {
  const auto content = read_file(dir, name);
  return content ? parse(*content, ganeti::gluster::boot_id()) : std::nullopt;
}

void Record::write(int dir, const std::string& name) const {
  replace_file(dir, name, format(ganeti::gluster::boot_id()));
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
