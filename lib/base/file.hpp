// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// The content of a small file (less than 8 MiB) below @p dir (AT_FDCWD for absolute paths), not
/// following a symlink as last component; nothing, and errno set, if it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(int dir, const std::string& name);

/// The same for an absolute path whose links are followed: for files of the admin in /etc.
[[nodiscard]] std::optional<std::string> read_linked_file(const std::string& path);

struct ReplaceOptions {
  unsigned mode = 0600;     ///< whatever the umask is
  bool is_durable = false;  ///< the content outlives a power cut
};

/// Replaces a file below @p dir by rename, so that readers see the old content or the new one. @throws Error
void replace_file(int dir, const std::string& name, std::string_view content, const ReplaceOptions& options = {});

/// Makes a directory and those above it, each 0755 and owned by the caller, and the last one with
/// @p mode. Existing ones are left as they are. @throws Error
void make_directories(const std::string& path, unsigned mode);

/// Opens a folder of state that nobody but this process's user may write; makes it with @p mode if it is missing.
/// @throws Error
[[nodiscard]] UniqueFd open_own_folder(const std::string& path, unsigned mode);

/// The target of a symlink below @p dir, /proc's included; nothing if there is none.
[[nodiscard]] std::optional<std::string> read_link(int dir, const std::string& name);

/// Turns any text into one file name: '/' becomes '-', everything but [A-Za-z0-9_.] becomes %XX.
[[nodiscard]] std::string escape_name(std::string_view text);

}  // namespace ganeti::gluster
