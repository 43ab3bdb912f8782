# SPDX-License-Identifier: BSD-2-Clause
"""A real GlusterFS cluster on one machine, for tests, benches and the quickstart."""

from .client import Client, Leftovers
from .cluster import Cluster, GiB
from .commands import Command, CommandError
from .ganeti import GanetiCluster
from .ganeti_node import GanetiNode
from .gluster_cli import GlusterError
from .machine import FuseClient, Machine
from .mount_watch import MountWatch, watched_mounts
from .mounts import Mount
from .network import Addresses
from .node import Node
from .processes import Process
from .volume import Brick, Volume
from .waiting import ConditionTimeout, await_condition

__all__ = [
    "Addresses",
    "Brick",
    "Client",
    "Cluster",
    "Command",
    "CommandError",
    "ConditionTimeout",
    "FuseClient",
    "GanetiCluster",
    "GanetiNode",
    "GiB",
    "GlusterError",
    "Leftovers",
    "Machine",
    "Mount",
    "MountWatch",
    "Node",
    "Process",
    "Volume",
    "await_condition",
    "watched_mounts",
]
