# SPDX-License-Identifier: BSD-2-Clause
"""A machine that serves bricks."""

import xml.etree.ElementTree as ElementTree

from .gluster_cli import GlusterError, gluster
from .machine import Machine
from .processes import Process
from .waiting import await_condition


def _option(process: Process, name: str) -> str:
    """The word after `name` in a command line; "" if there is none."""
    words = process.argv
    return words[words.index(name) + 1] if name in words[:-1] else ""


class Node(Machine):
    """A Gluster node: glusterd, its bricks and its helpers."""

    def gluster(self, *words: str, timeout: float = 120.0) -> ElementTree.Element:
        """Runs `gluster WORDS` on this node; see gluster_cli.gluster."""
        return gluster(self, *words, timeout=timeout)

    def glusterd(self) -> Process:
        """The running glusterd; LookupError if there is none."""
        found = self.processes_named("glusterd")
        if not found:
            raise LookupError(f"no glusterd on {self.name}")
        return found[0]

    def glusterd_answers(self) -> bool:
        """Whether glusterd answers the command line."""
        try:
            self.gluster("pool", "list", timeout=10)
        except GlusterError:
            return False
        return True

    def start_glusterd(self) -> Process:
        """Starts glusterd, which starts bricks that should run, and awaits its answer."""
        self.run(["glusterd"])
        await_condition(self.glusterd_answers, f"glusterd answers on {self.name}")
        return self.glusterd()

    def connected_peers(self) -> int:
        """How many peers are in the pool and connected, as this node sees it."""
        peers = self.gluster("peer", "status").iter("peer")
        return sum(
            peer.findtext("connected") == "1" and peer.findtext("stateStr") == "Peer in Cluster"
            for peer in peers
        )

    def bricks(self, volume: str | None = None) -> list[Process]:
        """The running brick processes, those of one volume if it is given."""
        return [
            process
            for process in self.processes_named("glusterfsd")
            if volume is None or _option(process, "--volfile-id").split(".")[0] == volume
        ]

    def brick_of(self, path: str) -> Process | None:
        """The running process that serves the brick at `path`."""
        for process in self.bricks():
            if _option(process, "--brick-name") == path:
                return process
        return None
