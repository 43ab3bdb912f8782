// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include <ganeti-gluster/error.hpp>

#include "base/controls.hpp"
#include "base/errno_error.hpp"

namespace ganeti::gluster {
namespace {

struct CodeRow {
  Errc code;
  const char* name;
  const char* message;
  int same_as;  // an errno that means the same to a caller; 0: none
};

constexpr CodeRow code_rows[] = {
    {Errc::invalid_volume, "INVALID_VOLUME", "not a valid Gluster volume", EINVAL},
    {Errc::unsupported_transport, "UNSUPPORTED_TRANSPORT", "transport is not supported", EPROTONOSUPPORT},
    {Errc::resolve_failed, "RESOLVE_FAILED", "server name does not resolve", EHOSTUNREACH},
    {Errc::invalid_settings, "INVALID_SETTINGS", "mistake in the settings", EINVAL},
    {Errc::unsafe_storage_dir, "UNSAFE_STORAGE_DIR", "storage dir is not safe", EPERM},
    {Errc::wrong_namespace, "WRONG_NAMESPACE", "wrong mount namespace", EPERM},
    {Errc::lock_timeout, "LOCK_TIMEOUT", "storage dir is locked", ETIMEDOUT},
    {Errc::wrong_volume, "WRONG_VOLUME", "something else is mounted", EBUSY},
    {Errc::cannot_tell, "CANNOT_TELL", "cannot tell what is mounted", ENOTCONN},
    {Errc::unreachable, "UNREACHABLE", "volume is not reachable", ENOTCONN},
    {Errc::mount_dead, "MOUNT_DEAD", "mount is dead", ENOTCONN},
    {Errc::mount_hung, "MOUNT_HUNG", "mount does not answer", ETIMEDOUT},
    {Errc::mount_failed, "MOUNT_FAILED", "mount failed", EIO},
    {Errc::helper_lied, "HELPER_LIED", "mount helper reported success, but nothing is mounted", EIO},
    {Errc::invalid_disk, "INVALID_DISK", "not a disk's logical id", EINVAL},
    {Errc::unfinished_image, "UNFINISHED_IMAGE", "image was never completed", 0},
    {Errc::not_an_image, "NOT_AN_IMAGE", "not a regular file", 0},
    {Errc::invalid_size, "INVALID_SIZE", "not a valid size", EINVAL},
    {Errc::mount_lost, "MOUNT_LOST", "mount went away", ENOTCONN},
    {Errc::path_not_allowed, "PATH_NOT_ALLOWED", "path is not allowed for file storage", EACCES},
    {Errc::connect_failed, "CONNECT_FAILED", "cannot connect by libgfapi", EIO},
};

const CodeRow* find_row(int value) noexcept {
  const auto* row = std::find_if(std::begin(code_rows), std::end(code_rows),
                                 [value](const CodeRow& r) { return static_cast<int>(r.code) == value; });
  return row == std::end(code_rows) ? nullptr : row;
}

class GlusterCategory final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "ganeti-gluster"; }

  [[nodiscard]] std::string message(int value) const override {
    const auto* row = find_row(value);
    return row != nullptr ? row->message : "unknown error";
  }

  [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
    const auto* row = find_row(value);
    if (row == nullptr || row->same_as == 0) return {value, *this};
    return {row->same_as, std::generic_category()};
  }
};

std::string compose(const std::error_code& code, const ErrorText& text) {
  auto line = fmt::format("{}: {}: {}", text.subject, text.failed, text.why.empty() ? code.message() : text.why);
  if (!text.cure.empty()) line += "; " + text.cure;
  return without_controls(std::move(line));  // names on a volume or a log may hold some; it is one line
}

}  // namespace

const std::error_category& gluster_category() noexcept {
  static const GlusterCategory category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept { return {static_cast<int>(code), gluster_category()}; }

std::string code_name(const std::error_code& code) {
  if (code.category() == gluster_category()) {
    const auto* row = find_row(code.value());
    if (row != nullptr) return row->name;
  } else if (code.category() == std::generic_category()) {
    const char* name = strerrorname_np(code.value());
    if (name != nullptr) return name;
  }
  return fmt::format("{}:{}", code.category().name(), code.value());
}

std::error_code errno_code(int number) noexcept { return {number, std::generic_category()}; }

Error::Error(std::error_code code, ErrorText text)
    : std::system_error(code), text_(std::move(text)), line_(compose(code, text_)) {}
Error::~Error() = default;
const char* Error::what() const noexcept { return line_.c_str(); }

VolumeError::~VolumeError() = default;
MountError::~MountError() = default;
ImageError::~ImageError() = default;
PathPolicyError::~PathPolicyError() = default;
SettingsError::~SettingsError() = default;

}  // namespace ganeti::gluster
