# SPDX-License-Identifier: BSD-2-Clause
"""Which bricks a volume gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .machine_setup import BRICK_FOLDER
from .volume import Brick

if TYPE_CHECKING:
    from .cluster import Cluster


def volume_layout(
    cluster: Cluster,
    name: str,
    replica: int,
    arbiter: int,
    disperse: int,
    redundancy: int,
    distribute: int,
) -> tuple[list[str], list[Brick]]:
    """The words of `gluster volume create` that say the kind of volume, and its bricks."""
    words: list[str] = []
    if disperse:
        words += ["disperse", str(disperse)]
        if redundancy:
            words += ["redundancy", str(redundancy)]
    elif replica > 1:
        words += ["replica", str(replica)]
        if arbiter:
            words += ["arbiter", str(arbiter)]
    bricks = []
    for number in range((disperse or replica) * distribute):
        turn, place = divmod(number, len(cluster.nodes))
        folder = f"{BRICK_FOLDER}/b{turn % cluster.bricks_per_node + 1}"
        bricks.append(Brick(cluster.nodes[place], f"{folder}/{name}-{turn + 1}"))
    return words, bricks
