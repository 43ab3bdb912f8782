// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// What a look-up of all servers may take where nothing else sets a limit.
inline constexpr std::chrono::seconds resolve_limit{5};

/// Resolves every server of @p volume, IPv4 and IPv6, keeping all addresses.
///
/// Servers that do not resolve within @p limit keep no addresses and are no error: a mount may do
/// without them. The look-ups run in a child process, since getaddrinfo(3) knows no deadline, all at
/// once, as one slow name must not cost the others theirs. Numeric addresses are not looked up,
/// link-local ones left out. @throws Error only if no child can be made.
[[nodiscard]] GANETI_GLUSTER_API GlusterVolume resolve(const GlusterVolume& volume, std::chrono::milliseconds limit);

}  // namespace ganeti::gluster
