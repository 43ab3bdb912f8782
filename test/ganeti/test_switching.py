# SPDX-License-Identifier: BSD-2-Clause
"""Nodes of a running cluster are switched to our backend and back, with instances on them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cleanliness import REAL_DIR, STRAY_DIR, assert_clean, used_disks
from instances import DISK, MAKE, QEMU, Instances, machine_process
from testbed import GanetiCluster, GanetiNode

LIBRARIES = "/usr/local/lib/*/libganeti-gluster.so*"
FILE_DISK = ("-t", "file", "-s", "16m")
WHY = "ganeti-gluster cannot be loaded: ImportError: libganeti-gluster.so"


def status(node: GanetiNode) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(node.run(["ganeti-gluster", "status", "--json"]).stdout)
    return answer


def held(node: GanetiNode) -> dict[str, bool]:
    """The disks that keep the mount, and whether each was found in use when we came."""
    return {hold["disk"]: hold["reason"] == "found" for hold in status(node)["holds"]}


def noded_has_library(node: GanetiNode) -> bool:
    return "libganeti-gluster" in Path(f"/proc/{node.noded().pid}/maps").read_text()


def assert_nothing_is_left(node: GanetiNode) -> None:
    """What `disable` promises: Ganeti as its package has it, of ours only log and settings."""
    assert node.run(["dpkg", "--verify", "ganeti-3.0"]).stdout == ""
    assert "ganeti-gluster" not in node.run(["dpkg-divert", "--list"]).stdout
    words = ["-name", "*ganeti-gluster*", "-o", "-name", "*ganeti-stock*"]
    places = ["/usr/share/ganeti", "/usr/lib/ganeti", "/run", "/etc"]
    assert node.run(["find", *places, *words]).stdout == ""
    assert node.run(["find", "/var/lib/ganeti-gluster", "-mindepth", "1"]).stdout == ""
    assert not noded_has_library(node)


def switch(node: GanetiNode, command: str) -> str:
    """What the command says; the node daemon is restarted, as it asks."""
    said = node.run(["ganeti-gluster", command]).stdout
    node.restart_noded()
    return said


@contextmanager
def ganetis_own(node: GanetiNode) -> Iterator[None]:
    """The node has Ganeti's own backend, which leaves a folder, and afterwards ours again."""
    assert "then repeat: ganeti-gluster disable" in switch(node, "disable")
    node.run(["ganeti-gluster", "disable"])
    try:
        yield
    finally:
        node.run(["rm", "-rf", STRAY_DIR])
        switch(node, "enable")
    assert noded_has_library(node)


def test_instances_run_through_the_switch_in_both_directions(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node, gnt = ganeti.master, ganeti.master.gnt
    machine = instances.add(f"qemu-{name}", *QEMU, "--no-install", "--no-start")
    gnt("instance", "start", machine)
    old = instances.add(f"old-{name}")
    process, client = machine_process(node, machine), node.fuse_client(REAL_DIR)
    assert len(held(node)) == 2

    with ganetis_own(node):
        assert_nothing_is_left(node)
        assert node.fuse_client(REAL_DIR) == client
        assert instances.status(old) == instances.status(machine) == "running"
        gnt("instance", "stop", old)
        gnt("instance", "start", old)
        gnt("instance", "remove", "-f", "--shutdown-timeout=0", old)
        new = instances.add(f"new-{name}")
        assert len(used_disks(node)) == 2

    in_use = instances.paths(machine) + instances.paths(new)
    assert held(node) == dict.fromkeys(in_use, True)
    assert node.fuse_client(REAL_DIR) == client and machine_process(node, machine) == process
    gnt("instance", "stop", new)
    assert held(node) == dict.fromkeys(instances.paths(machine), True)
    gnt("instance", "start", new)
    assert held(node)[instances.paths(new)[0]] is False
    instances.remove([new])
    assert node.fuse_client(REAL_DIR) == client and machine_process(node, machine) == process
    instances.remove([machine])
    assert node.fuse_mounts() == []
    assert_clean(ganeti)


def test_instances_move_between_nodes_with_ours_and_with_ganetis_own(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    ours, stock = ganeti.nodes
    gnt = ganeti.master.gnt
    with ganetis_own(stock):
        machine = instances.add(f"qemu-{name}", *QEMU, "--no-install", "--no-start", node=ours)
        gnt("instance", "start", machine)
        fake = instances.add(f"fake-{name}", node=stock)
        for verb, moved, way in (
            ("migrate", machine, (stock, ours)),
            ("failover", fake, (ours, stock)),
        ):
            for target in way:
                gnt("instance", verb, "-f", "-n", target.full_name, moved)
                assert (instances.node(moved), instances.status(moved)) == (target, "running")
                disks = instances.paths(machine) if instances.node(machine) is ours else []
                disks += instances.paths(fake) if instances.node(fake) is ours else []
                assert sorted(held(ours)) == sorted(disks)
        client = stock.fuse_client(REAL_DIR)
    assert held(stock) == dict.fromkeys(instances.paths(fake), True)
    assert stock.fuse_client(REAL_DIR) == client
    # Mounted by Ganeti's own backend, given back by ours.
    gnt("instance", "stop", fake)
    assert stock.fuse_mounts() == []
    instances.remove([fake, machine])
    assert_clean(ganeti)


@contextmanager
def without_library(node: GanetiNode) -> Iterator[None]:
    """Our library is gone, and the node daemon was started without it."""
    found = f"mkdir /run/aside && dirname {LIBRARIES} | uniq"
    folder = node.run(["sh", "-c", found]).stdout.strip()
    node.run(["sh", "-c", f"mv {LIBRARIES} /run/aside/"])
    try:
        node.restart_noded()
        yield
    finally:
        node.run(["sh", "-c", f"mv /run/aside/* {folder}/ && rmdir /run/aside"])
        node.run(["rm", "-rf", STRAY_DIR])
        node.restart_noded()


def test_a_node_without_our_library_serves_other_disks_and_says_what_it_lacks(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node, gnt = ganeti.node(2), ganeti.master.gnt
    kept = instances.add(f"kept-{name}", node=node)
    with without_library(node):
        assert not noded_has_library(node)
        file = instances.add(f"file-{name}", node=node, disks=FILE_DISK)
        assert instances.status(file) == "running"
        new = ["add", *MAKE, *DISK, "-n", node.full_name, f"new-{name}"]
        for words in (new, ["grow-disk", kept, "0", "1m"], ["info", kept]):
            refused = gnt("instance", *words, check=False)
            said = refused.stdout + refused.stderr
            assert refused.returncode == 1 and WHY in said, refused
            assert "install it again and restart the node daemon" in said
        assert sorted(instances.names()) == sorted([file, kept])
        # The instance can be taken to a node that is well.
        gnt("instance", "failover", "-f", "-n", ganeti.master.full_name, kept)
        assert (instances.node(kept), instances.status(kept)) == (ganeti.master, "running")
    # Nothing could drop the hold; the next use of the disk here does.
    gnt("instance", "failover", "-f", "-n", node.full_name, kept)
    assert instances.status(kept) == "running"
    instances.remove([kept, file])
    assert_clean(ganeti)
