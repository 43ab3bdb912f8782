# SPDX-License-Identifier: BSD-2-Clause
"""A volume of the testbed's cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .node import Node
from .processes import Process
from .waiting import await_condition

if TYPE_CHECKING:
    from .cluster import Cluster

# A client gives a silent brick up after this time. The default, 42 s, is too long for tests.
DEFAULT_OPTIONS = {"network.ping-timeout": "5"}


@dataclass(frozen=True)
class Brick:
    """Where one brick of a volume lies."""

    node: Node
    path: str

    def process(self) -> Process | None:
        """The running process that serves it."""
        return self.node.brick_of(self.path)

    def __str__(self) -> str:
        return f"{self.node.name}:{self.path}"


class Volume:
    """One volume: its bricks and its life. Created by Cluster.create_volume."""

    def __init__(self, cluster: Cluster, name: str, bricks: list[Brick]) -> None:
        self.cluster = cluster
        self.name = name
        self.bricks = bricks

    @property
    def source(self) -> str:
        """What `mount -t glusterfs` takes: the first node and the volume."""
        return f"{self.cluster.nodes[0].name}:/{self.name}"

    def set(self, options: Mapping[str, str]) -> None:
        """Sets options of the volume."""
        words = [word for pair in options.items() for word in pair]
        self._gluster("set", *words)

    def start(self) -> None:
        """Starts it and returns when every brick is online."""
        self._gluster("start")
        self.await_online()

    def start_missing_bricks(self) -> None:
        """Starts bricks that do not run and returns when every brick is online."""
        self._gluster("start", "force")
        self.await_online()

    def stop(self) -> None:
        """Stops it and returns when no brick runs."""
        self._gluster("stop", "force")
        await_condition(
            lambda: not any(brick.process() for brick in self.bricks), f"{self.name} stopped"
        )

    def delete(self) -> None:
        """Deletes it, stopped first if need be, with the data on the bricks."""
        if self.status() == "Started":
            self.stop()
        self._gluster("delete")
        for brick in self.bricks:
            brick.node.run(["rm", "-rf", brick.path])

    def status(self) -> str:
        """What glusterd calls it: Created, Started or Stopped."""
        info = self.cluster.gluster("volume", "info", self.name)
        return info.findtext(".//volume/statusStr") or ""

    def online_bricks(self) -> list[str]:
        """The bricks, as NODE:PATH, that glusterd knows to serve."""
        status = self.cluster.gluster("volume", "status", self.name)
        return [
            f"{entry.findtext('hostname')}:{entry.findtext('path')}"
            for entry in status.iter("node")
            if entry.findtext("status") == "1" and (entry.findtext("path") or "").startswith("/")
        ]

    def await_online(self, timeout: float = 30.0) -> None:
        """Returns when every brick is online."""
        wanted = {str(brick) for brick in self.bricks}
        await_condition(
            lambda: wanted <= set(self.online_bricks()),
            f"all bricks of {self.name} online",
            timeout,
        )

    def unhealed(self) -> int:
        """How many entries wait for self-heal; -1 if a brick cannot tell."""
        info = self.cluster.gluster("volume", "heal", self.name, "info")
        counts = [entry.text or "-" for entry in info.iter("numberOfEntries")]
        return -1 if "-" in counts else sum(int(count) for count in counts)

    def await_healed(self, timeout: float = 60.0) -> None:
        """Returns when nothing waits for self-heal (replicated and dispersed volumes)."""
        await_condition(lambda: self.unhealed() == 0, f"{self.name} healed", timeout, 0.2)

    def _gluster(self, verb: str, *words: str) -> None:
        self.cluster.gluster("volume", verb, self.name, *words)

    def __repr__(self) -> str:
        return f"Volume({self.name})"
