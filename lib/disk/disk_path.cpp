// SPDX-License-Identifier: BSD-2-Clause
#include <ganeti-gluster/disk/disk_path.hpp>

#include <algorithm>
#include <optional>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {
namespace {

constexpr std::string_view uuid_shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_uuid(std::string_view text) {
  return text.size() == uuid_shape.size() &&
         std::equal(text.begin(), text.end(), uuid_shape.begin(),
                    [](char c, char shape) { return shape == 'x' ? is_lower_hex(c) : c == shape; });
}

bool is_index(std::string_view text) {
  constexpr std::size_t most_digits = 5;
  return !text.empty() && text.size() <= most_digits && std::all_of(text.begin(), text.end(), is_digit) &&
         (text == "0" || text.front() != '0');
}

bool is_disk_path(std::string_view text) {
  const auto prefix = DiskPath::folder() + "/";
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return text.size() > uuid_shape.size() && is_uuid(text.substr(0, uuid_shape.size())) &&
         text[uuid_shape.size()] == '.' && is_index(text.substr(uuid_shape.size() + 1));
}

}  // namespace

DiskPath::DiskPath(std::string_view text) : text_(text) {
  if (is_disk_path(text)) return;
  throw ImageError(Errc::invalid_disk,
                   {"disk '" + text_ + "'", "cannot use this name", "a disk's name is ganeti/<instance-uuid>.<index>",
                    "take it from the logical_id that gnt-instance info shows"});
}

}  // namespace ganeti::gluster
