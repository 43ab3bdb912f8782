// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

#include <ganeti-gluster/export.hpp>
#include <ganeti-gluster/volume/volume.hpp>

namespace ganeti::gluster {

/// Resolves every server of @p volume, IPv4 and IPv6, keeping all addresses.
///
/// Servers that do not resolve within @p limit keep no addresses and are no error: a mount may do
/// without them. Each look-up runs in a child process of its own, since getaddrinfo(3) knows no
/// deadline and one slow name must not cost the others theirs. Numeric addresses are not looked up,
/// link-local ones left out. @throws Error only if no child can be made.
[[nodiscard]] GANETI_GLUSTER_API GlusterVolume resolve(const GlusterVolume& volume, std::chrono::milliseconds limit);

}  // namespace ganeti::gluster
