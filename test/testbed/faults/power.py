# SPDX-License-Identifier: BSD-2-Clause
"""A Ganeti node without power."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from ..cluster import Cluster
from ..ganeti_node import GanetiNode
from ..waiting import await_condition
from .link import link_down


@contextmanager
def power_cut(cluster: Cluster, node: GanetiNode) -> Iterator[None]:
    """Nothing of the node runs or answers; at the end it boots, with an empty /run.

    Its boot id stays, as that is the host's. What it had on its bricks heals a moment later. The
    master stays down as long as most of the other nodes do, so cut only one of them at a time.
    """
    with link_down(cluster, node):
        for process in node.processes():
            process.send(signal.SIGKILL)
        await_condition(lambda: not node.processes(), f"{node.name} is dead")
        for mount in reversed(node.fuse_mounts()):
            node.run(["umount", "--lazy", "--no-canonicalize", mount.target])
        node.run(["find", "/run", "-xdev", "-mindepth", "1", "-delete"])
        yield
    node.boot()
