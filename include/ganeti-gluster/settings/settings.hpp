// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

struct TomlEntry;

/// Whether a new image gets its space at once.
enum class Preallocation {
  off,     ///< sparse: space is taken as the guest writes
  falloc,  ///< reserved by fallocate(2), nothing is written
  full,    ///< written with zeros: slow, and works where bricks cannot fallocate
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Preallocation preallocation);

/// What happens to an image that could not be filled with the space that is free now. One that is
/// larger than the whole volume is always refused.
enum class Overcommit {
  allow,
  warn,  ///< a warning is logged
  refuse,
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(Overcommit overcommit);

/// How images are reached where their path is not needed.
enum class StoreKind {
  automatic,  ///< by the mount if it is there and well, else by libgfapi, else by mounting
  mount,
  libgfapi,
};
[[nodiscard]] GANETI_GLUSTER_API std::string to_string(StoreKind kind);

/// Everything about a volume that Ganeti's own four disk parameters do not carry.
struct VolumeSettings {
  /// Volfile servers to try after Ganeti's `host`; with Transport::unix_socket instead of it, and
  /// then exactly one absolute path of glusterd's socket.
  std::vector<std::string> servers;
  /// Directory inside the volume; "volume/subdir" in Ganeti's parameter wins.
  std::string subdir;
  Transport transport = Transport::tcp;
  /// Further options of mount.glusterfs(8), each `name` or `name=value`, allow-listed.
  std::vector<std::string> mount_options;
  /// Log level of the FUSE client and of libgfapi: CRITICAL, ERROR, WARNING, INFO, DEBUG, TRACE or NONE.
  std::string log_level = "INFO";
  Preallocation preallocation = Preallocation::off;
  Overcommit overcommit = Overcommit::warn;
  StoreKind image_store = StoreKind::automatic;
  /// For one mount attempt, from the start of the helper to the first answer of the root; for connecting by libgfapi.
  std::chrono::milliseconds mount_timeout{60'000};
  /// For one round trip to a mount that is up.
  std::chrono::milliseconds probe_timeout{10'000};
  /// For one call by libgfapi. A server that vanishes makes it wait for the volume's network.ping-timeout, 42 s unless
  /// set, and then succeed.
  std::chrono::milliseconds call_timeout{60'000};
  /// For the storage dir's lock.
  std::chrono::milliseconds lock_timeout{90'000};

  friend bool operator==(const VolumeSettings&, const VolumeSettings&) = default;
};

/// One setting in force, as text, and where it comes from.
struct SettingInForce {
  std::string key;
  std::string value;
  std::string origin;  ///< `default`, or `FILE:LINE`

  friend bool operator==(const SettingInForce&, const SettingInForce&) = default;
};

/// The optional settings file (gluster.toml(5)): a section for all volumes and one for each.
///
/// The default volume may carry a port, `node1:24008:/gv0`. Durations are strings, `500ms`, `5s` or
/// `2m`, from 100 ms to 10 min.
///
/// ```toml
/// default_volume = "node1,node2:/gv0"
/// [all]
/// mount_options = ["direct-io-mode=enable"]
/// probe_timeout = "5s"
/// [volume.gv0]
/// servers = ["node2", "node3"]
/// ```
class GANETI_GLUSTER_API Settings {
 public:
  /// No file: all defaults.
  Settings() = default;

  /// A missing file is the same as an empty one.
  /// @throws SettingsError (invalid_settings) naming file, line and key for unknown keys, wrong
  /// types and values out of range; (errno) if the file cannot be read.
  [[nodiscard]] static Settings load(const std::string& file);

  /// The volume to use where a request names none.
  [[nodiscard]] const std::optional<GlusterVolume>& default_volume() const noexcept { return default_volume_; }

  /// Settings of one volume by its name: its own section over the one for all over the defaults.
  [[nodiscard]] VolumeSettings for_volume(const std::string& name) const;

  /// What is in force for one volume (or, without a name, for all, and then default_volume as
  /// well), in the order of the manual.
  [[nodiscard]] std::vector<SettingInForce> in_force(const std::optional<std::string>& volume) const;

  /// Names of the volumes that have a section, sorted.
  [[nodiscard]] std::vector<std::string> volumes() const;

 private:
  struct Value {
    std::vector<std::string> items;  // one, or those of a list
    int line = 0;
  };
  using Section = std::map<std::string, Value>;

  void read(const TomlEntry& entry);
  void read_into(Section& section, const TomlEntry& entry) const;
  void check_servers(const Section& section, const std::string& name) const;

  std::string file_;
  std::optional<GlusterVolume> default_volume_;
  int default_volume_line_ = 0;
  Section all_;
  std::map<std::string, Section> by_volume_;
};

/// The volume of Ganeti's parameters with what the settings add: further servers, subdir, transport.
/// A subdir that the volume has already stays. Addresses that are known stay known.
/// @throws VolumeError if the settings' part makes it invalid.
[[nodiscard]] GANETI_GLUSTER_API GlusterVolume with_settings(const GlusterVolume& volume,
                                                             const VolumeSettings& settings);

}  // namespace ganeti::gluster
