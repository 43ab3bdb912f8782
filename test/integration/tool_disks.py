# SPDX-License-Identifier: BSD-2-Clause
"""Volumes and known images for the tests of the disk commands."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, Driver
from images import LABEL, MIB, on_bricks
from storage_disk import Disk
from test_tool import FILE, tool
from testbed import Client, Cluster, Volume

UUID = "8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11"
FOLDER = f"{REAL_DIR}/ganeti"
HOSTILE = "instance = \x1b[2Jevil\x9b31m\ninfo = \x1b]0;owned\x07: a\tb\n"


@pytest.fixture
def disks(cluster: Cluster) -> Iterator[Volume]:
    """A volume that nobody has used yet."""
    yield cluster.create_volume("disks", replica=3)
    cluster.delete_volume("disks")


@pytest.fixture
def gv0(client: Client, volume: Volume) -> Volume:
    """The shared volume, as the default one of the settings."""
    client.write_file(FILE, f'default_volume = "{volume.source}"\n')
    return volume


@contextmanager
def mounted(client: Client, volume: Volume) -> Iterator[None]:
    tool(client, "mount", "--volume", volume.source)
    yield
    tool(client, "umount")


def allocated(volume: Volume, disk: str) -> list[int]:
    """MiB that the image takes on each brick."""
    return [status.st_blocks * 512 // MIB for status in on_bricks(volume, disk)]


def free(volume: Volume) -> int:
    """MiB that are free on the fullest brick."""
    paths = [brick.node.path(brick.path) for brick in volume.bricks]
    return min(status.f_bavail * status.f_bsize for status in map(os.statvfs, paths)) // MIB


def by_hand(client: Client, disk: str, mib: int, label: str = "", mode: str = "0600") -> None:
    """An image that the library did not make, while the volume is mounted."""
    path = f"{REAL_DIR}/{disk}"
    client.run(["truncate", "-s", f"{mib}M", path])
    client.run(["chmod", mode, path])
    if label:
        os.setxattr(client.path(path), LABEL, label.encode("latin-1"))


@pytest.fixture
def known(
    client: Client, disks: Volume, drivers: Callable[..., Driver]
) -> Iterator[dict[str, str]]:
    """The default volume has one disk of each kind, by the index of each; it stays mounted."""
    client.write_file("/var/lib/ganeti/ssconf_cluster_name", "cluster.example.com\n")
    client.write_file(FILE, f'default_volume = "{disks.source}"\n')
    names = {index: f"ganeti/{UUID}.{index}" for index in ("0", "2", "3", "4", "10")}
    tool(client, "disk", "create", names["0"], "--size", "1.5M")
    tool(client, "disk", "create", names["10"], "--size", "64M", "--preallocation", "falloc")
    labelled = Disk(drivers(), disks, names["0"])
    labelled("set-info", "originstname+web1.example.com")
    labelled.drop()
    with mounted(client, disks):
        by_hand(client, names["2"], 300)
        by_hand(client, names["3"], 5, mode="0200")
        by_hand(client, names["4"], 7, label=HOSTILE)
        client.run(["touch", f"{FOLDER}/{UUID}.01", f"{FOLDER}/lost+found"])
        yield names
