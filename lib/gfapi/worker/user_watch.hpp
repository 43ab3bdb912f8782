// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace ganeti::gluster {

/// From now on this process ends when the one that made @p socket does, or soon after that has closed its end, whatever
/// libgfapi is blocked in. End of file alone would not do: forked children of the user keep the socket open.
void end_with_user(int socket);

}  // namespace ganeti::gluster
