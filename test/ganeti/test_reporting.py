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

LIST = ("list-storage", "--storage-type=gluster", "--no-headers", "--units=m", "--separator=|")


def volume_space(ganeti: GanetiCluster) -> list[int]:
    """Size, use and free space of the brick that has least, in MiB."""
    spaces = [os.statvfs(brick.node.path(brick.path)) for brick in ganeti.volume.bricks]
    least = min(spaces, key=lambda space: space.f_bavail)
    sizes = (least.f_blocks, least.f_blocks - least.f_bfree, least.f_bavail)
    return [size * least.f_frsize // MIB for size in sizes]


def listed(ganeti: GanetiCluster) -> tuple[dict[str, list[str]], str]:
    """Each node's name, size, use, free space and whether disks may be added; and what is said."""
    result = ganeti.master.gnt("node", *LIST, "-o", "node,name,size,used,free,allocatable")
    rows = [line.split("|") for line in result.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows}, result.stderr + result.stdout


def mounts(ganeti: GanetiCluster) -> list[int]:
    return [len(node.fuse_mounts()) for node in ganeti.nodes]


def test_every_node_lists_the_volumes_own_space_and_its_mount_stays_as_it_was(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    assert mounts(ganeti) == [1, 0]
    rows, _ = listed(ganeti)
    assert sorted(rows) == [node.full_name for node in ganeti.nodes]
    for row in rows.values():
        assert (row[0], row[4]) == (STORAGE_DIR, "Y")
        for told, real in zip(map(int, row[1:4]), volume_space(ganeti), strict=True):
            assert abs(told - real) <= 2
    assert mounts(ganeti) == [1, 0]


def test_node_lists_know_nothing_of_the_volume(ganeti: GanetiCluster) -> None:
    words = ["list", "--no-headers", "--units=m", "-o", "dtotal"]
    told = ganeti.master.gnt("node", *words).stdout.split()
    files = [os.statvfs(node.path(FILE_DIR)) for node in ganeti.nodes]
    assert [int(size) for size in told] == [one.f_blocks * one.f_frsize // MIB for one in files]
    assert volume_space(ganeti)[0] not in map(int, told)


@pytest.fixture
def occupied(ganeti: GanetiCluster) -> Iterator[GanetiNode]:
    """A node on whose storage dir another file system is mounted."""
    node = ganeti.node(2)
    node.run(["mkdir", "-p", REAL_DIR])
    node.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    yield node
    node.run(["umount", REAL_DIR])


def test_a_node_that_cannot_tell_says_why_and_the_others_answer(
    ganeti: GanetiCluster, occupied: GanetiNode
) -> None:
    assert [mount.source for mount in occupied.mounts() if mount.target == REAL_DIR] == ["foreign"]
    rows, said = listed(ganeti)
    assert list(rows) == [ganeti.master.full_name]
    assert f"Can't get storage data from node {occupied.full_name}: " in said
    assert (
        f"{STORAGE_DIR}: cannot mount {ganeti.volume.source}: a file system of type tmpfs (source"
        f" foreign) is mounted there; it was not touched; find out who mounted it, then: umount"
        f" {REAL_DIR}"
    ) in said
    assert [mount.source for mount in occupied.mounts() if mount.target == REAL_DIR] == ["foreign"]
