# SPDX-License-Identifier: BSD-2-Clause
"""Which volume a disk is on, told by the cluster or by its node group."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cleanliness import REAL_DIR, assert_clean, files
from instances import DISK, MAKE, QEMU, Instances, machine_process
from testbed import GanetiCluster, Process, Volume

GROUP = "second"
# Ganeti's own allocator finds no place in a group with a single node.
ALLOCATOR_DIR = "/usr/local/lib/ganeti/iallocators"
ALLOCATOR = """#!/usr/bin/python3
import json, sys
asked = json.load(open(sys.argv[1]))
(group,), names = asked["request"]["target_groups"], asked["request"]["instances"]
(node,) = (name for name, node in asked["nodes"].items() if node["group"] == group)
jobs = [
    [{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": name, "target_node": node}] for name in names
]
moved = [[name, group, [node]] for name in names]
print(json.dumps({"success": True, "info": "", "result": [moved, [], jobs]}))
"""


@pytest.fixture(scope="module")
def second(ganeti: GanetiCluster) -> Iterator[Volume]:
    """The volume gv1. The second node is in a group of its own, whose disks are on it."""
    gnt, node = ganeti.master.gnt, ganeti.node(2)
    volume = ganeti.cluster.create_volume("gv1", replica=2)
    gnt("group", "add", "-D", f"gluster:volume={volume.name}", GROUP)
    gnt("group", "assign-nodes", "--force", GROUP, node.full_name)
    yield volume
    gnt("group", "assign-nodes", "--force", "default", node.full_name)
    gnt("group", "remove", GROUP)
    ganeti.cluster.delete_volume(volume.name)


@pytest.fixture
def groups(ganeti: GanetiCluster, second: Volume, clean: None) -> Iterator[GanetiCluster]:
    """The cluster; its volumes are told as before when the test is over."""
    yield ganeti
    tell(ganeti, "cluster", ganeti.volume)
    tell(ganeti, "group", second)


def tell(ganeti: GanetiCluster, level: str, volume: Volume) -> None:
    """Says which volume new and old disks are on, for the cluster or for the second group."""
    words = [GROUP] if level == "group" else []
    ganeti.master.gnt(level, "modify", "-D", f"gluster:volume={volume.name}", *words)


@pytest.fixture
def machine(groups: GanetiCluster, instances: Instances, name: str) -> str:
    """A machine of QEMU on the second node, thus on the second volume."""
    instances.add(name, *QEMU, "--no-install", "--no-start", node=groups.node(2))
    groups.master.gnt("instance", "start", name)
    return name


def opens(process: Process, path: str) -> bool:
    """Whether a process has a file open whose path ends so."""
    links = (link.readlink() for link in Path(f"/proc/{process.pid}/fd").iterdir())
    return any(str(link).endswith(f"/{path}") for link in links)


def mounted(ganeti: GanetiCluster, number: int) -> list[str]:
    """The volumes that are mounted on a node."""
    return [mount.source.rsplit("/", 1)[1] for mount in ganeti.node(number).fuse_mounts()]


def refusal(mounted: Volume, wanted: Volume, disk: str) -> str:
    """How we say that another volume is in the way."""
    place, host = "/var/run/ganeti/gluster", "node1.example.com"
    return (
        f"{place}: cannot mount {host}:/{wanted.name}: the volume {host}:/{mounted.name} is mounted"
        f" there and held by {disk}; it was not touched; stop the instances of these disks, or give"
        " this volume a storage dir of its own"
    )


def test_a_group_or_else_the_cluster_tells_the_volume(
    groups: GanetiCluster, second: Volume, instances: Instances, name: str
) -> None:
    first = groups.volume
    inside = instances.add(f"first-{name}")
    other = instances.add(f"second-{name}", node=groups.node(2))
    assert files(first) == set(instances.paths(inside))
    assert files(second) == set(instances.paths(other))
    assert (mounted(groups, 1), mounted(groups, 2)) == (["gv0"], ["gv1"])
    instances.remove([inside])
    tell(groups, "cluster", second)
    instances.add(inside)
    assert files(first) == set()
    assert files(second) == {*instances.paths(inside), *instances.paths(other)}
    instances.remove([inside, other])
    assert_clean(groups)


def test_another_volume_is_refused_while_a_guest_runs_and_leaves_it_alone(
    groups: GanetiCluster, second: Volume, instances: Instances, machine: str
) -> None:
    gnt, node, first = groups.master.gnt, groups.node(2), groups.volume
    (path,) = instances.paths(machine)
    process, client = machine_process(groups.node(2), machine), node.fuse_client(REAL_DIR)
    tell(groups, "group", first)
    new = f"new-{machine}"
    for words in (
        ["info", machine],
        ["grow-disk", machine, "0", "4m"],
        ["modify", "--disk=add:size=4m", "--hotplug", machine],
        ["add", *MAKE, *DISK, "-n", node.full_name, new],
    ):
        refused = gnt("instance", *words, check=False)
        assert refused.returncode == 1, refused
        assert refusal(second, first, path) in refused.stdout + refused.stderr, refused
        assert machine_process(groups.node(2), machine) == process and opens(process, path)
        assert node.fuse_client(REAL_DIR) == client
    assert files(first) == set() and files(second) == {path}
    assert instances.names() == [machine]

    # Once its last disk is shut down the other volume can be mounted.
    gnt("instance", "stop", machine)
    instances.add(new, node=node)
    assert mounted(groups, 2) == ["gv0"] and files(first) == set(instances.paths(new))
    lost = gnt("instance", "start", machine, check=False)
    assert "there is no such image on the volume; check the disk's name" in lost.stdout
    instances.remove([new])
    tell(groups, "group", second)
    gnt("instance", "start", machine)
    assert opens(machine_process(groups.node(2), machine), path)
    instances.remove([machine])
    assert_clean(groups)


@pytest.fixture
def allocator(ganeti: GanetiCluster) -> Iterator[str]:
    """An allocator that moves instances live to the one node of the wanted group."""
    words = ["install", "-D", "-m", "755", "/dev/stdin", f"{ALLOCATOR_DIR}/elsewhere"]
    ganeti.master.run(words, input=ALLOCATOR)
    yield "elsewhere"
    ganeti.master.run(["rm", "-r", ALLOCATOR_DIR])


def test_a_guest_stays_on_its_volume_when_it_changes_to_a_group_with_another(
    groups: GanetiCluster, second: Volume, instances: Instances, machine: str, allocator: str
) -> None:
    gnt, first = groups.master.gnt, groups.volume
    (path,) = instances.paths(machine)
    process = machine_process(groups.node(2), machine)
    resident = instances.add(f"resident-{machine}")
    change = ["instance", "change-group", "-I", allocator, "--to", "default", machine]

    # The other volume is in use there: nothing is moved.
    refused = gnt(*change, check=False)
    assert refused.returncode == 1
    assert refusal(first, second, instances.paths(resident)[0]) in refused.stdout + refused.stderr
    assert machine_process(groups.node(2), machine) == process and opens(process, path)
    assert (instances.node(machine), instances.status(machine)) == (groups.node(2), "running")

    # It is not: Ganeti moves the guest with its volume, and only then asks for the other group's.
    instances.remove([resident])
    refused = gnt(*change, check=False)
    assert refused.returncode == 1
    assert refusal(second, first, path) in refused.stdout + refused.stderr
    assert (instances.node(machine), instances.status(machine)) == (groups.node(1), "running")
    assert opens(machine_process(groups.node(1), machine), path) and mounted(groups, 1) == ["gv1"]
    assert (files(first), files(second)) == (set(), {path})

    # The way back: for its time the group has the volume that the guest came with.
    tell(groups, "cluster", second)
    gnt("instance", "migrate", "-f", "-n", groups.node(2).full_name, machine)
    assert (instances.node(machine), instances.status(machine)) == (groups.node(2), "running")
    assert opens(machine_process(groups.node(2), machine), path) and mounted(groups, 1) == []
    instances.remove([machine])
    assert_clean(groups)
