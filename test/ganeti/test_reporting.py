# SPDX-License-Identifier: BSD-2-Clause
"""The space that Ganeti shows: the volume's own where it is asked for, and nowhere else."""

import os
from collections.abc import Iterator

import pytest
from cleanliness import REAL_DIR
from content import MIB
from instances import Instances
from testbed import GanetiCluster, GanetiNode
from testbed.ganeti_setup import FILE_DIR, STORAGE_DIR

SETTINGS = "/etc/ganeti/gluster.toml"
# Which volumes a node has used.
FORGET = ["find", "/var/lib/ganeti-gluster", "-mindepth", "1", "-delete"]
LIST = ("list-storage", "--storage-type=gluster", "--no-headers", "--units=m", "--separator=|")


def volume_space(node: GanetiNode) -> list[int]:
    """Size, use and free space in MiB, as a mount of the volume tells whoever asks it."""
    space = os.statvfs(node.path(REAL_DIR))
    sizes = (space.f_blocks, space.f_blocks - space.f_bfree, space.f_bavail)
    return [size * space.f_frsize // MIB for size in sizes]


def listed(ganeti: GanetiCluster) -> tuple[dict[str, list[str]], str]:
    """Each node's name, size, use, free space and whether disks may be added; and what is said."""
    result = ganeti.master.gnt("node", *LIST, "-o", "node,name,size,used,free,allocatable")
    names = [node.full_name for node in ganeti.nodes]
    rows = [line.split("|") for line in result.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows if row[0] in names}, result.stdout + result.stderr


def mounts(ganeti: GanetiCluster) -> list[int]:
    return [len(node.fuse_mounts()) for node in ganeti.nodes]


@pytest.fixture
def second(ganeti: GanetiCluster) -> Iterator[GanetiNode]:
    """The second node, as if it had never used a volume, but told which one is meant."""
    node = ganeti.node(2)
    node.run(FORGET)
    node.write_file(SETTINGS, f'default_volume = "{ganeti.volume.source}"\n')
    yield node
    node.run(["rm", "-f", SETTINGS])


def test_every_node_lists_the_volumes_own_space_and_its_mount_stays_as_it_was(
    ganeti: GanetiCluster, instances: Instances, name: str, second: GanetiNode
) -> None:
    instances.add(name)
    assert mounts(ganeti) == [1, 0]
    rows, _ = listed(ganeti)
    assert sorted(rows) == [node.full_name for node in ganeti.nodes]
    for row in rows.values():
        assert (row[0], row[4]) == (STORAGE_DIR, "Y")
        for told, real in zip(map(int, row[1:4]), volume_space(ganeti.master), strict=True):
            assert abs(told - real) <= 1
    assert mounts(ganeti) == [1, 0]

    second.run(["rm", SETTINGS])
    second.run(FORGET)
    rows, said = listed(ganeti)
    assert list(rows) == [ganeti.master.full_name]
    assert f"Can't get storage data from node {second.full_name}: " in said
    assert f"no mount of ours is there, this node has used none there yet, and {SETTINGS} " in said


def test_node_lists_know_nothing_of_the_volume(ganeti: GanetiCluster) -> None:
    words = ["list", "--no-headers", "--units=m", "-o", "dtotal"]
    told = ganeti.master.gnt("node", *words).stdout.split()
    files = [os.statvfs(node.path(FILE_DIR)) for node in ganeti.nodes]
    assert [int(size) for size in told] == [one.f_blocks * one.f_frsize // MIB for one in files]


@pytest.fixture
def occupied(second: GanetiNode) -> Iterator[GanetiNode]:
    """A node on whose storage dir another file system is mounted."""
    second.run(["mkdir", "-p", REAL_DIR])
    second.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    yield second
    second.run(["umount", REAL_DIR])


def test_a_node_that_cannot_tell_says_why_and_the_others_answer(
    ganeti: GanetiCluster, instances: Instances, name: str, occupied: GanetiNode
) -> None:
    instances.add(name)
    before = occupied.mounts()
    assert ("foreign", REAL_DIR) in [(mount.source, mount.target) for mount in before]
    rows, said = listed(ganeti)
    assert list(rows) == [ganeti.master.full_name]
    assert f"Can't get storage data from node {occupied.full_name}: " in said
    assert (
        f"{STORAGE_DIR}: cannot mount {ganeti.volume.source}: a file system of type tmpfs (source"
        f" foreign) is mounted there; it was not touched; find out who mounted it, then: umount"
        f" {REAL_DIR}"
    ) in said
    assert occupied.mounts() == before
