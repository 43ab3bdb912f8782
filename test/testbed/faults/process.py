# SPDX-License-Identifier: BSD-2-Clause
"""Daemons that are dead or do not answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..cluster import Cluster
from ..machine import Machine
from ..node import Node
from ..processes import Process
from ..volume import Brick, Volume


@contextmanager
def stopped(process: Process) -> Iterator[Process]:
    """The process (FUSE client, brick, glusterd) is stopped: alive, but it answers nobody."""
    process.stop()
    try:
        yield process
    finally:
        process.resume()


def kill_fuse_client(machine: Machine, target: str) -> Process:
    """Kills the FUSE client of a mount; the row stays. Cannot be undone but by a new mount."""
    client = machine.fuse_client(target)
    client.kill()
    if not any(mount.target == target for mount in machine.fuse_mounts()):
        raise AssertionError(f"the mount on {target} went with its FUSE client")
    return client


@contextmanager
def bricks_down(volume: Volume, bricks: Sequence[Brick]) -> Iterator[None]:
    """These bricks of a started volume are killed; at the end every brick is online again.

    FUSE clients notice a moment later, and need some seconds to connect again: await
    Client.answers and use Client.await_answer.
    """
    for brick in bricks:
        process = brick.process()
        if process is None:
            raise LookupError(f"brick {brick} does not run")
        process.kill()
    try:
        yield
    finally:
        volume.start_missing_bricks()


@contextmanager
def without_quorum(volume: Volume) -> Iterator[None]:
    """All bricks of a volume are killed but the first of each replica set of three."""
    survivors = volume.bricks[::3]
    with bricks_down(volume, [brick for brick in volume.bricks if brick not in survivors]):
        yield


@contextmanager
def without_bricks(volume: Volume) -> Iterator[None]:
    """All bricks of a volume are killed; its FUSE clients live on."""
    with bricks_down(volume, volume.bricks):
        yield


@contextmanager
def glusterd_down(cluster: Cluster, node: Node) -> Iterator[None]:
    """glusterd of a node is killed, its bricks are not; at the end the pool is whole again."""
    node.glusterd().kill()
    try:
        yield
    finally:
        node.start_glusterd()
        cluster.await_pool()
