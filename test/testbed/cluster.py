# SPDX-License-Identifier: BSD-2-Clause
"""A real GlusterFS cluster on one machine, in namespaces that end with their owner."""

import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from .bricks import make_brick_image, require_tools
from .client import Client
from .hub import Hub
from .layout import volume_layout
from .machine import Machine
from .machine_setup import OVERLAYS, MachinePlan, setup_script
from .network import FIRST_CLIENT, FIRST_FAULT, FIRST_NODE, Addresses, addresses, hosts_file
from .node import Node
from .processes import Process
from .volume import DEFAULT_OPTIONS, Volume
from .waiting import await_condition

GiB = 1 << 30
_MAX_NODES = 9
_MAX_CLIENTS = 90


class Cluster:
    """Nodes, clients and volumes; a context manager that brings them up and down.

    However the owning process ends, SIGKILL included, nothing of the cluster outlives it, unless
    `owned` is False: then it lives until `down`, also called on another object (see state.py).
    """

    def __init__(
        self,
        nodes: int = 3,
        clients: int = 1,
        *,
        bricks: int = 1,
        brick_size: int = GiB,
        brick_options: tuple[str, ...] = (),
        family: str = "inet",
        scratch: Path | None = None,
        overlays: tuple[str, ...] = (),
        private_root: bool = False,
        shared: tuple[str, ...] = (),
        owned: bool = True,
    ) -> None:
        """`bricks` is the number of brick file systems of each node, `brick_size` in bytes (the
        image is sparse), and `brick_options` are more words for mkfs.ext4.

        `scratch` must be an empty folder and is emptied by `down`; by default one is made under
        TMPDIR and removed. `overlays` names more folders that machines may change privately,
        `private_root` makes "/" itself such a folder (all but /tmp and other file systems mounted
        below it), and `shared` names folders below overlays that are the same on all machines.
        `family` is the address family of glusterd: "inet" or "inet6".
        """
        if not 1 <= nodes <= _MAX_NODES or not 0 <= clients <= _MAX_CLIENTS:
            raise ValueError(f"1 to {_MAX_NODES} nodes and up to {_MAX_CLIENTS} clients")
        self.nodes: list[Node] = []
        self.clients: list[Client] = []
        self.volumes: dict[str, Volume] = {}
        self.family = family
        self.bricks_per_node = bricks
        self._wanted = (nodes, clients)
        self._brick_size = brick_size
        self._brick_options = brick_options
        self._scratch = scratch
        self._overlays = (*OVERLAYS, *overlays)
        self._private_root = private_root
        self._shared = shared
        self._owned = owned
        self._hub: Hub | None = None
        self._fault_addresses = 0

    def __enter__(self) -> "Cluster":
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
    def hub(self) -> Hub:
        """The outer namespaces; RuntimeError while the cluster is down."""
        if self._hub is None:
            raise RuntimeError("the cluster is not up")
        return self._hub

    @property
    def scratch(self) -> Path:
        """The folder of images and logs (NAME/log of each machine) while the cluster is up."""
        if self._scratch is None:
            raise RuntimeError("the cluster is not up")
        return self._scratch

    def up(self) -> None:
        """Brings nodes and clients up, the nodes joined to one pool."""
        require_tools()
        keep = self._scratch is not None
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="testbed-"))
        self._scratch = self._scratch.resolve()
        self._hub = Hub.start(self._scratch, owned=self._owned, keep_scratch=keep)
        try:
            self._bring_up()
        except BaseException:
            self.down()
            raise

    def _bring_up(self) -> None:
        nodes, clients = self._wanted
        with ThreadPoolExecutor() as pool:
            waiting = [pool.submit(self._make_node, number) for number in range(1, nodes + 1)]
            for number in range(1, clients + 1):
                self.clients.append(self._make_client(number))
            self.nodes = [node.result() for node in waiting]
        for node in self.nodes[1:]:
            self.nodes[0].gluster("peer", "probe", node.name)
        self.await_pool()

    def await_pool(self, timeout: float = 30.0) -> None:
        """Returns when every node sees every other node in the pool and connected."""
        for node in self.nodes:
            await_condition(
                lambda node=node: node.connected_peers() == len(self.nodes) - 1,
                f"{node.name} sees its peers",
                timeout,
            )

    def down(self) -> None:
        """Ends everything and returns when nothing is left; idempotent."""
        if self._hub is None:
            return
        hub, self._hub = self._hub, None
        self.nodes, self.clients, self.volumes = [], [], {}
        hub.stop()

    def adopt(self, hub: Hub, nodes: list[Node], clients: list[Client]) -> None:
        """Makes this object stand for a cluster that is up already."""
        self._hub = hub
        self.nodes, self.clients = nodes, clients

    def node(self, number: int) -> Node:
        """Node 1, 2, ..."""
        return self.nodes[number - 1]

    @property
    def client(self) -> Client:
        """The first client."""
        return self.clients[0]

    def machine(self, name: str) -> Machine:
        """The node or client of this name; LookupError if there is none."""
        for machine in [*self.nodes, *self.clients]:
            if machine.name == name:
                return machine
        raise LookupError(f"no machine {name}")

    def add_client(self) -> Client:
        """Brings one more client up."""
        client = self._make_client(len(self.clients) + 1)
        self.clients.append(client)
        return client

    def gluster(self, *words: str, timeout: float = 120.0) -> ElementTree.Element:
        """Runs `gluster WORDS` on the first node whose glusterd runs."""
        for node in self.nodes:
            if node.processes_named("glusterd"):
                return node.gluster(*words, timeout=timeout)
        raise LookupError("no node has a glusterd")

    def create_volume(
        self,
        name: str = "gv0",
        *,
        replica: int = 1,
        arbiter: int = 0,
        disperse: int = 0,
        redundancy: int = 0,
        distribute: int = 1,
        options: Mapping[str, str] | None = None,
        start: bool = True,
    ) -> Volume:
        """Creates a volume of `distribute` sets and starts it unless told otherwise.

        A set has `replica` bricks (`arbiter` of them without data) or `disperse` bricks
        (`redundancy` of them may be lost). Bricks go to the nodes in turn.
        """
        words, bricks = volume_layout(
            self, name, replica, arbiter, disperse, redundancy, distribute
        )
        self.gluster("volume", "create", name, *words, *map(str, bricks), "force")
        volume = Volume(self, name, bricks)
        self.volumes[name] = volume
        volume.set({**DEFAULT_OPTIONS, **(options or {})})
        if start:
            volume.start()
        return volume

    def delete_volume(self, name: str) -> None:
        """Stops and deletes a volume with its data."""
        self.volumes[name].delete()
        del self.volumes[name]

    def take_fault_address(self) -> Addresses:
        """An address on the bridge's network that nothing else uses."""
        self._fault_addresses += 1
        return addresses(FIRST_FAULT + (self._fault_addresses - 1) % (254 - FIRST_FAULT))

    def _machine_addresses(self) -> dict[str, Addresses]:
        nodes = {f"node{i + 1}": addresses(FIRST_NODE + i) for i in range(_MAX_NODES)}
        clients = {f"client{i + 1}": addresses(FIRST_CLIENT + i) for i in range(_MAX_CLIENTS)}
        return nodes | clients

    def _set_up(self, name: str, images: tuple[Path, ...] = ()) -> tuple[Process, MachinePlan]:
        """Starts a machine's namespaces and gives it its network and file systems."""
        known = self._machine_addresses()
        folder = self.scratch / name
        hosts = hosts_file(known, self.family)
        plan = MachinePlan(
            name,
            known[name],
            hosts,
            self.family,
            folder,
            self._overlays,
            images,
            self._private_root,
            self._shared,
        )
        plan.log_folder.mkdir(parents=True)
        (folder / "layers").mkdir()
        for image in images:
            make_brick_image(image, self._brick_size, self._brick_options)
        init = self.hub.spawn_init()
        self.hub.connect(init, name, plan.address)
        Machine(name, init, plan.address, plan.log_folder).run(["sh", "-c", setup_script(plan)])
        return init, plan

    def _make_node(self, number: int) -> Node:
        name = f"node{number}"
        folder = self.scratch / name
        images = tuple(folder / f"b{item + 1}.img" for item in range(self.bricks_per_node))
        init, plan = self._set_up(name, images)
        node = Node(name, init, plan.address, plan.log_folder)
        node.start_glusterd()
        return node

    def _make_client(self, number: int) -> Client:
        init, plan = self._set_up(f"client{number}")
        return Client(plan.name, init, plan.address, plan.log_folder)
