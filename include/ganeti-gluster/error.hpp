// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <system_error>

#include <ganeti-gluster/export.hpp>

namespace ganeti::gluster {

/// What errno cannot say. Values are stable: they are printed by the tools' `--json`.
enum class Errc {
  invalid_volume = 1,         ///< a server, port, volume name or subdir that Gluster would not accept
  unsupported_transport = 2,  ///< rdma or udp anywhere, unix for a FUSE mount
  resolve_failed = 3,         ///< a server name did not resolve within the deadline
  invalid_settings = 4,       ///< the settings file has a mistake
  unsafe_storage_dir = 5,     ///< symlink as last component, or a parent that others may write
  wrong_namespace = 6,        ///< this process sees other mounts than the node daemon
  lock_timeout = 7,           ///< another process kept the storage dir's lock past the deadline
  wrong_volume = 8,           ///< something else is mounted on the storage dir
  cannot_tell = 9,            ///< mounted, but the volume does not answer who it is
  unreachable = 10,           ///< the right volume, its client alive, but no quorum or no brick
  mount_dead = 11,            ///< the client process is gone
  mount_hung = 12,            ///< the mount does not answer within the deadline
  mount_failed = 13,          ///< the mount helper did not bring the volume up
  helper_lied = 14,           ///< the mount helper reported success, but nothing is mounted
  invalid_disk = 15,          ///< not a logical id of the form `ganeti/<instance-uuid>.<index>`
  unfinished_image = 16,      ///< an image whose creation was never completed
  not_an_image = 17,          ///< something that is no regular file stands in an image's place
  invalid_size = 18,          ///< a size that is zero, negative, too large, or would shrink an image
  mount_lost = 19,            ///< the mount went away in the middle of an operation
  path_not_allowed = 20,      ///< not below a path of Ganeti's file-storage-paths
  connect_failed = 21,        ///< libgfapi did not connect to the volume
};

/// Category of Errc; where an errno means the same, the codes compare equal to it.
GANETI_GLUSTER_API const std::error_category& gluster_category() noexcept;
GANETI_GLUSTER_API std::error_code make_error_code(Errc code) noexcept;

/// Stable name of a code, as printed and documented: `WRONG_VOLUME`, or `ENOSPC` for an errno.
GANETI_GLUSTER_API std::string code_name(const std::error_code& code);

/// The four things that every failure says.
struct ErrorText {
  std::string subject;  ///< on what: a path, a disk, a volume
  std::string failed;   ///< what was attempted, as "cannot ..."
  std::string why;      ///< the cause; empty: the message of the code
  std::string cure;     ///< what the admin can do; may be empty
};

/// Root of all errors of this library. `what()` is one line: `subject: failed: why; cure`.
///
/// `code()` is an errno in std::generic_category(), or an Errc in gluster_category().
class GANETI_GLUSTER_API Error : public std::system_error {
 public:
  Error(std::error_code code, ErrorText text);
  Error(const Error&) = default;
  Error& operator=(const Error&) = default;
  ~Error() override;

  [[nodiscard]] const char* what() const noexcept override;
  [[nodiscard]] const ErrorText& text() const noexcept { return text_; }

 private:
  ErrorText text_;
  std::string line_;
};

/// The volume as it is written down: names, addresses, transport.
class GANETI_GLUSTER_API VolumeError : public Error {
 public:
  using Error::Error;
  ~VolumeError() override;
};

/// The storage dir and what is mounted on it.
class GANETI_GLUSTER_API MountError : public Error {
 public:
  using Error::Error;
  ~MountError() override;
};

/// One image and what was to be done with it.
class GANETI_GLUSTER_API ImageError : public Error {
 public:
  using Error::Error;
  ~ImageError() override;
};

/// A path that Ganeti's rules for file storage do not allow. `text().why` is Ganeti's own message.
class GANETI_GLUSTER_API PathPolicyError : public Error {
 public:
  using Error::Error;
  ~PathPolicyError() override;
};

/// The settings file or Ganeti's own files.
class GANETI_GLUSTER_API SettingsError : public Error {
 public:
  using Error::Error;
  ~SettingsError() override;
};

}  // namespace ganeti::gluster

template <>
struct std::is_error_code_enum<ganeti::gluster::Errc> : std::true_type {};
