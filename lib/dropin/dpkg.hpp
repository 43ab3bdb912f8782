// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ganeti::gluster {

/// What dpkg knows of single files, and the diversions in the name of our package.
class Dpkg {
 public:
  /// In whose name files are diverted.
  static constexpr const char* our_package = "ganeti-gluster";

  explicit Dpkg(std::string admin_dir) : admin_dir_(std::move(admin_dir)) {}

  /// The package that the file came with; empty: none. @throws Error
  [[nodiscard]] std::string owner(const std::string& path) const;
  /// Whether the file is another than the one in its package. @throws Error
  [[nodiscard]] bool is_modified(const std::string& package, const std::string& path) const;
  /// The package that diverts the file, `LOCAL` for an admin; empty: nobody. @throws Error
  [[nodiscard]] std::string diverter(const std::string& path) const;
  /// From now on packages bring this file under another name. No file is moved. @throws Error
  void divert(const std::string& path, const std::string& to) const;
  /// The opposite. @throws Error
  void undo_divert(const std::string& path, const std::string& to) const;

 private:
  [[nodiscard]] bool is_there() const;
  [[nodiscard]] std::vector<std::string> command(const char* program, const std::vector<std::string>& words) const;
  void change_diversion(const char* action, const std::string& path, const std::string& to) const;

  std::string admin_dir_;
};

}  // namespace ganeti::gluster
