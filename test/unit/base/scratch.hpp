// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fcntl.h>

#include <boost/filesystem/operations.hpp>

#include "base/unique_fd.hpp"

namespace ganeti::gluster::test {

/// A directory of one test, removed with all that is in it.
class Scratch {
 public:
  Scratch() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent != nullptr ? parent : "/tmp") + "/unit-test-XXXXXX";
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a scratch directory");
    path_ = boost::filesystem::canonical(path_).string();
    dir_.reset(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] int dir() const noexcept { return dir_.get(); }

 private:
  std::string path_;
  UniqueFd dir_;
};

}  // namespace ganeti::gluster::test
