// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace ganeti::gluster {

/// Whether this is the text of our module, of whatever version.
[[nodiscard]] bool is_our_module(std::string_view text);

/// The folder of a module, by one process at a time if it changes it. What is done here is on disk when it returns,
/// and at every moment each name stands for a whole file or for none.
class ModuleFolder {
 public:
  enum class Purpose { look, change };

  /// Where a file is written before it takes its place. The name does not depend on the process: what
  /// a killed one left, the next one writes over.
  static constexpr const char* temporary = ".gluster.py.ganeti-gluster";

  /// @throws Error: EBUSY if it is to be changed and another process is at it, or another errno.
  ModuleFolder(const std::string& path, Purpose purpose);

  /// The text of a file; nothing if there is none. @throws Error if it cannot be read.
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const;
  /// A file for everybody to read, in place of what has the name. @throws Error
  void write(const std::string& name, std::string_view text) const;
  /// A second name for a file, in place of what has that name. @throws Error
  void copy(const std::string& name, const std::string& second) const;
  /// Another name for a file, in place of what has that name. @throws Error
  void move(const std::string& name, const std::string& target) const;
  /// @returns whether there was one. @throws Error
  bool remove(const std::string& name) const;
  /// Takes away what Python compiled from a module. @throws Error
  void forget_compiled(const std::string& module) const;

 private:
  [[noreturn]] void fail(const char* failed, const std::string& name) const;
  void sync() const;

  std::string path_;
  UniqueFd dir_;
};

}  // namespace ganeti::gluster
