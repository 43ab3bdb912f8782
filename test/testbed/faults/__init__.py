# SPDX-License-Identifier: BSD-2-Clause
"""Faults, each proven present before the call returns. Context managers undo them at their end."""

from .barrier import Barrier
from .disk import full_brick
from .dns import dead_dns
from .link import blackhole, link_down
from .power import power_cut
from .process import (
    bricks_down,
    glusterd_down,
    kill_fuse_client,
    stopped,
    without_bricks,
    without_quorum,
)
from .request import request_in_flight
from .server import (
    BlackholedAddress,
    MuteServer,
    absent_address,
    blackholed_address,
    mute_server,
    refusing_address,
)
from .syscalls import SyscallPoint, killed_at_syscall, stopped_after_syscall, syscall_points

__all__ = [
    "Barrier",
    "BlackholedAddress",
    "MuteServer",
    "SyscallPoint",
    "absent_address",
    "blackhole",
    "blackholed_address",
    "bricks_down",
    "dead_dns",
    "full_brick",
    "glusterd_down",
    "kill_fuse_client",
    "killed_at_syscall",
    "link_down",
    "mute_server",
    "power_cut",
    "refusing_address",
    "request_in_flight",
    "stopped",
    "stopped_after_syscall",
    "syscall_points",
    "without_bricks",
    "without_quorum",
]
