// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <ganeti-gluster/error.hpp>

namespace ganeti::gluster {

/// A part of a volume as messages name it, and what to do about a bad one.
struct VolumePart {
  const char* name;
  const char* cure;
};

inline constexpr VolumePart server_part{"server",
                                        "give a host name or an IP address (gluster:host, or servers in the settings)"};
inline constexpr VolumePart socket_part{"socket", "give the absolute path of glusterd's socket as the only server"};
inline constexpr VolumePart port_part{"port",
                                      "give the port that glusterd listens on (gluster:port, 24007 by default)"};
inline constexpr VolumePart name_part{"volume name", "give a name that `gluster volume list` shows (gluster:volume)"};
inline constexpr VolumePart subdir_part{
    "subdir",
    "give a directory inside the volume, such as vms/a (in gluster:volume after the name, or in the settings)"};
inline constexpr VolumePart mount_point_part{"mount point", "give an absolute path, such as /run/ganeti/gluster"};
inline constexpr VolumePart uri_part{"URI",
                                     "write it as gluster://host:port/volume[/subdir]/ganeti/<instance-uuid>.<index>"};
inline constexpr VolumePart source_part{"volume", "write it as host[,host...]:/volume[/subdir]"};

/// Text from outside as it is shown: in quotes, odd bytes escaped, cut when it is long.
[[nodiscard]] std::string quoted(std::string_view text);

/// Throws the one form of VolumeError that all rules of this layer use: @p why is the rule.
[[noreturn]] void refuse(const VolumePart& part, std::string_view text, std::string why,
                         Errc code = Errc::invalid_volume);

}  // namespace ganeti::gluster
