# SPDX-License-Identifier: BSD-2-Clause
"""A real Ganeti cluster on the nodes of a Gluster cluster."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from .cluster import Cluster
from .ganeti_node import GanetiNode
from .ganeti_setup import SHARED_FILE_DIR, init_words, make_keys, setup_script
from .network import GANETI
from .volume import Volume

# Whatever Ganeti, an installation or dpkg writes stays in the machine.
_OVERLAYS = ("/root", "/srv", "/usr", "/var/cache")


class GanetiCluster:
    """Ganeti nodes that are Gluster nodes as well, with one volume; a context manager.

    The first node is the master. It comes up with Ganeti's own backend; `install` and `enable`
    make it ours.
    """

    def __init__(self, nodes: int = 2, *, volume: str = "gv0", **options: Any) -> None:
        """The volume has a replica on each node; `options` are further ones of Cluster."""
        self.cluster = Cluster(
            nodes,
            clients=0,
            overlays=_OVERLAYS,
            private_root=True,
            shared=(SHARED_FILE_DIR,),
            **options,
        )
        self.nodes: list[GanetiNode] = []
        self._volume_name = volume

    def __enter__(self) -> "GanetiCluster":
        self.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.down()

    @property
    def master(self) -> GanetiNode:
        """The first node."""
        return self.nodes[0]

    @property
    def volume(self) -> Volume:
        """The volume that Ganeti has its disks on."""
        return self.cluster.volumes[self._volume_name]

    def node(self, number: int) -> GanetiNode:
        """Node 1, 2, ..."""
        return self.nodes[number - 1]

    def up(self) -> None:
        """Brings everything up, with all nodes in one node group."""
        self.cluster.up()
        try:
            self._bring_up()
        except BaseException:
            self.down()
            raise

    def _bring_up(self) -> None:
        self.nodes = [
            GanetiNode(node.name, node.init, node.address, node.log_folder)
            for node in self.cluster.nodes
        ]
        self.cluster.nodes[:] = self.nodes
        make_keys(self.cluster.scratch)
        with ThreadPoolExecutor() as pool:
            volume = pool.submit(
                self.cluster.create_volume, self._volume_name, replica=len(self.nodes)
            )
            list(pool.map(self._set_up, self.nodes))
            self.master.gnt("cluster", "init", *init_words(self.master, self._volume_name))
            for node in self.nodes[1:]:
                self.master.gnt("node", "add", "--no-ssh-key-check", node.full_name)
            volume.result()

    def _set_up(self, node: GanetiNode) -> None:
        node.run(["sh", "-c", setup_script(node.full_name, self.cluster.scratch, GANETI)])

    def down(self) -> None:
        """Ends everything and returns when nothing is left; idempotent."""
        self.nodes = []
        self.cluster.down()

    def install(self, build: Path) -> None:
        """Installs a finished build on each node, into the node's own /usr/local.

        `build` may also be a folder with our Debian packages; these are installed by dpkg.
        """
        packages = [str(file) for file in build.glob("*.deb") if "-dbgsym_" not in file.name]
        for node in self.nodes:
            if packages:
                node.run(["dpkg", "--install", *packages], timeout=300)
            else:
                node.run(["meson", "install", "-C", str(build), "--no-rebuild", "--quiet"])
                node.run(["ldconfig"])

    def enable(self) -> None:
        """Switches every node to our backend."""
        self._switch("enable")

    def disable(self) -> None:
        """Switches every node back to Ganeti's own backend."""
        self._switch("disable")
        for node in self.nodes:  # once more, for what the daemon needed until then
            node.run(["ganeti-gluster", "disable"])

    def _switch(self, command: str) -> None:
        for node in self.nodes:
            node.run(["ganeti-gluster", command])
            node.restart_noded()
