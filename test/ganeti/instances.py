# SPDX-License-Identifier: BSD-2-Clause
"""Instances, as an admin makes, lists and removes them."""

import json
from collections.abc import Sequence
from pathlib import Path

from testbed import Brick, GanetiCluster, GanetiNode, Process

# Names are no hosts, and the operating system is the testbed's: a line that names the disk.
MAKE = ("--no-name-check", "--no-ip-check", "-o", "pattern")
DISK = ("-t", "gluster", "-s", "16m")
# A machine of QEMU without an operating system.
QEMU = ("-H", "kvm", "-B", "memory=32")


class Instances:
    """The instances of a cluster."""

    def __init__(self, ganeti: GanetiCluster) -> None:
        self._ganeti = ganeti

    def add(
        self, name: str, *words: str, node: GanetiNode | None = None, disks: Sequence[str] = DISK
    ) -> str:
        """Adds an instance on a node, by default the first, and starts it; returns its name."""
        place = (node or self._ganeti.master).full_name
        self._ganeti.master.gnt("instance", "add", *MAKE, *disks, "-n", place, *words, name)
        return name

    def names(self) -> list[str]:
        """Every instance that Ganeti knows."""
        listed = self._ganeti.master.gnt("instance", "list", "--no-headers", "-o", "name")
        return listed.stdout.split()

    def remove(self, names: Sequence[str]) -> None:
        """Removes instances, whatever state they are in."""
        for name in names:
            self._ganeti.master.gnt("instance", "remove", "-f", "--shutdown-timeout=0", name)

    def status(self, name: str) -> str:
        """`running`, `ADMIN_down`, `ERROR_down`, ..., as Ganeti lists it."""
        words = ["list", "--no-headers", "-o", "status", name]
        return self._ganeti.master.gnt("instance", *words).stdout.strip()

    def node(self, name: str) -> GanetiNode:
        """The primary node."""
        words = ["list", "--no-headers", "-o", "pnode", name]
        found = self._ganeti.master.gnt("instance", *words).stdout.strip()
        return next(node for node in self._ganeti.nodes if node.full_name == found)

    def paths(self, name: str) -> list[str]:
        """Where the gluster disks lie on the volume, in the instance's order."""
        config = json.loads(self._ganeti.master.path("/var/lib/ganeti/config.data").read_text())
        (instance,) = (one for one in config["instances"].values() if one["name"] == name)
        return [config["disks"][uuid]["logical_id"][1] for uuid in instance["disks"]]

    def images(self, name: str, number: int = 0) -> list[Path]:
        """The image of a disk on each brick of the cluster's volume, as the host opens it."""
        path = self.paths(name)[number]
        return [_on_brick(brick, path) for brick in self._ganeti.volume.bricks]


def machine_process(node: GanetiNode, name: str) -> Process:
    """QEMU as it runs an instance on a node."""
    (found,) = (one for one in node.processes() if one.running and name in one.argv)
    return found


def _on_brick(brick: Brick, path: str) -> Path:
    return brick.node.path(f"{brick.path}/{path}")
