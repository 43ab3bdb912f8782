// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <ganeti-gluster/check/check.hpp>
#include <ganeti-gluster/mount/mounter.hpp>

#include "base/deadline.hpp"
#include "mount/context.hpp"

namespace ganeti::gluster {

/// A hold is written before anything uses the disk: one that nothing uses is stale only after this time.
inline constexpr std::chrono::seconds settled_hold{600};

/// What the probes of one check share: what earlier ones found out is there for later ones.
struct CheckContext {
  const CheckOptions& options;
  CheckReport& report;
  Deadline deadline;
  Settings settings{};                    // all defaults if the file has a mistake
  std::optional<MountContext> mount{};    // once the storage dir is known
  std::optional<Mounter> mounter{};       // likewise
  MountStatus status{};                   // once the mount was asked
  std::optional<GlusterVolume> volume{};  // with what the settings add, servers resolved
  std::vector<std::string> instances{};   // of this node, whose disks are used by their paths

  std::string images_answer{};  // what the volume says of its images, as JSON; empty: nothing yet

  /// Adds a finding with the severity of its kind.
  Finding& add(const char* code, std::string evidence, std::string cure);
  /// Adds one of several things of the same kind; those of one kind are told together.
  Finding& add(const char* code, std::string evidence, std::string cure, std::vector<std::string> objects);

  [[nodiscard]] bool is_mounted_well() const { return status.state == MountState::well; }
};

/// A finding with the severity of its kind.
[[nodiscard]] Finding make_finding(const char* code, std::string evidence, std::string cure);

/// The first few of them, and how many there are besides: evidence is one line.
[[nodiscard]] std::string some_of(const std::vector<std::string>& names);

/// A report as it is before any look: of this node, of now.
[[nodiscard]] CheckReport report_frame(const CheckOptions& options);

/// A probe that cannot judge says why.
class CannotJudge : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The probes, in the order in which they run.
void look_at_namespace(CheckContext& context);
void look_at_settings(CheckContext& context);
void look_at_storage_dir(CheckContext& context);
void look_at_mount(CheckContext& context);
void look_below_mount(CheckContext& context);
void look_at_holds(CheckContext& context);
void look_at_client(CheckContext& context);
void look_at_backend(CheckContext& context);
void look_at_servers(CheckContext& context);
void look_at_volume(CheckContext& context);
void look_at_images(CheckContext& context);

/// Part of look_at_mount: whether anything needs the mount. It may find that it was given back meanwhile.
void judge_idleness(CheckContext& context);

/// After all probes: does what somebody could not do because they kept the mount busy.
void give_back_mount(const CheckContext& context);

}  // namespace ganeti::gluster
