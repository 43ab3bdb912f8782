// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What an image says of itself, so that a volume explains itself without the cluster's
/// configuration. It informs and never decides. Stored in one extended attribute as lines
/// `key = value`, for getfattr(1) to show.
struct GANETI_GLUSTER_API ImageLabel {
  std::string cluster{};                              ///< name of the Ganeti cluster
  std::string instance{};                             ///< name of the instance, as Ganeti's SetInfo told it last
  std::string disk{};                                 ///< DiskPath::text when it was created or renamed
  std::string disk_uuid{};                            ///< Ganeti's uuid of the disk
  std::string info{};                                 ///< text of Ganeti's SetInfo
  std::uint64_t size_mib = 0;                         ///< in MiB, when it was created or grown last; zero: not known
  std::optional<std::chrono::sys_seconds> created{};  ///< by the clock of the node that created it

  /// The extended attribute that carries it.
  static constexpr const char* attribute = "user.ganeti.label";
  /// How long a text may be, in bytes: all of it must fit into what a brick's inode can carry.
  static constexpr std::size_t most_text_bytes = 512;

  /// Takes in a text of SetInfo, and the instance's name if the text tells it, as Ganeti's do
  /// (Ganeti: cmdlib/instance_utils.py, GetInstanceInfoText: `originstname+NAME`).
  void set_info(const std::string& text);

  /// Control characters become blanks; texts are cut after most_text_bytes.
  [[nodiscard]] std::string format() const;
  /// What can be read of it: anybody who may write to the volume may have written it. Lines that make
  /// no sense are left out.
  [[nodiscard]] static ImageLabel parse(std::string_view text);

  friend bool operator==(const ImageLabel&, const ImageLabel&) = default;
};

}  // namespace ganeti::gluster
