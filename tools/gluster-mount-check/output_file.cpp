// SPDX-License-Identifier: BSD-2-Clause
#include "output_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster::tool {
namespace {

[[noreturn]] void fail(int number, const std::string& path, const char* failed) {
  throw Error(std::error_code(number, std::generic_category()), {path, failed, {}, {}});
}

// A new file that is gone with the object unless it got the name that it is for.
class NewFile {
 public:
  // Hidden, and without the suffix that a collector looks for. A rename must not leave the file system.
  explicit NewFile(const std::filesystem::path& target)
      : name_((target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string()),
        fd_(mkostemp(name_.data(), O_CLOEXEC)) {
    if (fd_ < 0) fail(errno, target, "cannot make a new file beside it");
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    close(fd_);
    if (!name_.empty()) unlink(name_.c_str());
  }

  void write(std::string_view content) const {
    while (!content.empty()) {
      const auto n = ::write(fd_, content.data(), content.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail(errno, name_, "cannot write");
      content.remove_prefix(static_cast<std::size_t>(n));
    }
    if (fchmod(fd_, 0644) != 0 || fsync(fd_) != 0) fail(errno, name_, "cannot complete the file");
  }

  void become(const std::string& target) {
    if (rename(name_.c_str(), target.c_str()) != 0) fail(errno, target, "cannot replace it");
    name_.clear();
  }

 private:
  std::string name_;
  int fd_;
};

}  // namespace

void replace_output_file(const std::string& path, std::string_view content) {
  NewFile file(path);
  file.write(content);
  file.become(path);
}

}  // namespace ganeti::gluster::tool
