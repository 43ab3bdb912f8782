// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gfapi/protocol.hpp"
#include "gfapi/worker/connection.hpp"

namespace ganeti::gluster {

/// What a worker does with the images of its volume. Each call answers with an errno instead of throwing.
///
/// Every name is looked up in the folder that was opened before, so that no symbolic link leads elsewhere.
class GfapiImages {
 public:
  explicit GfapiImages(const WorkerTask& task) : connection_(task) {}

  /// @param data what came with the request; @param result what goes with the answer.
  Answer run(const Request& request, std::string_view data, std::string& result);
  [[nodiscard]] bool has_open_files() const noexcept { return !files_.empty(); }
  /// Makes durable what was written to files that are still open.
  void sync_all();

 private:
  struct Named {
    GfapiObject object;
    struct stat status {};
  };

  [[nodiscard]] glfs_t* volume() const noexcept { return connection_.volume(); }
  GfapiObject folder();
  Named find_named(const std::string& name);
  int find(const std::string& name, Answer& answer, std::string& result);
  int find_attribute(std::string_view data, std::string& result);
  int list(std::string& result);
  int totals(Answer& answer);
  template <typename Visit>
  int visit_folder(Visit visit);
  int open(const std::string& name, int flags, Answer& answer);
  int create(const std::string& name, unsigned mode, Answer& answer);
  int link(std::string_view data);
  int remove(const std::string& name);
  int space(Answer& answer);
  int add_file(glfs_fd_t* file, Answer& answer);
  [[nodiscard]] int why_absent(std::string& parts) const;

  GfapiConnection connection_;
  std::map<std::uint64_t, GfapiFile> files_;
  std::uint64_t last_file_ = 0;
};

}  // namespace ganeti::gluster
