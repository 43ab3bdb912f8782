// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <ganeti-gluster/disk/file_device_helper.hpp>

#include "size.hpp"

namespace ganeti::gluster::tool {

inline constexpr const char* complete_state = "complete";
inline constexpr const char* unfinished_state = "unfinished";

/// One image as `disk ls` found it.
struct ListedDisk {
  DiskPath disk;
  std::string path;
  std::string state;  ///< complete, unfinished, or the code of what went wrong
  std::optional<ImageInfo> image;
  std::optional<ImageLabel> label;

  [[nodiscard]] bool was_read() const { return state == complete_state || state == unfinished_state; }
};

/// What must be read of an image for a field; each includes those before it.
enum class Reading { name, image, label };

/// A column of `disk ls`.
struct ListField {
  enum class Kind { text, number, size };

  const char* name;
  Kind kind;
  Reading reading;
  const char* meaning;                                 ///< for help and manual
  nlohmann::ordered_json (*value)(const ListedDisk&);  ///< null: there is none

  /// Sizes are in bytes for machines, and say so.
  [[nodiscard]] std::string json_key() const { return kind == Kind::size ? std::string(name) + "_bytes" : name; }
  [[nodiscard]] std::string heading() const;
  /// For people: without control characters, and as Ganeti shows what there is not (ganeti(7)): `-`,
  /// or `?` if it could not be read.
  [[nodiscard]] std::string text(const ListedDisk& disk, Units units) const;
};

/// All fields there are, in the order of the manual.
[[nodiscard]] const std::vector<ListField>& list_fields();

/// Names of the fields that are shown if none are asked for.
inline constexpr const char* default_list_fields = "disk,size,allocated,state,instance";

/// The fields of a list with commas; after a leading `+` they are added to the default ones
/// (Ganeti: cli.ParseFields).
/// @throws std::invalid_argument whose text names the unknown field, and all that there are.
[[nodiscard]] std::vector<ListField> select_fields(const std::string& list);

}  // namespace ganeti::gluster::tool
