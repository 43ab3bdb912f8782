# SPDX-License-Identifier: BSD-2-Clause
"""What Ganeti's node daemon asks of a disk, call by call, with our class in its backend."""

import os

import pytest
from driver import STORAGE_DIR
from node_daemon import NodeDaemon, RequestRaised, ganeti_disk
from storage_disk import MIB, brick_files
from testbed import Client, Volume

INFO = "originstname+inst1.example.com"


def create(daemon: NodeDaemon, disk: dict) -> None:
    assert daemon("BlockdevCreate", disk, 4, "inst1", True, INFO, False) == disk["disk"]["logical_id"]


def test_the_life_of_a_disk(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str
) -> None:
    described = ganeti_disk(volume, disk)
    instance = {"instance": "inst1.example.com"}
    path = f"{STORAGE_DIR}/{disk}"
    create(daemon, described)
    assert client.fuse_mounts()  # the creation assembled it
    assert daemon("BlockdevAssemble", described, instance, True, 0)[0] == path
    assert daemon("link", "inst1.example.com", [described])
    assert daemon("BlockdevFind", described)["dev_path"] == path
    assert daemon("BlockdevGetdimensions", [described]) == [[4 * MIB, None]]
    for dry, backing in ((True, True), (False, True), (False, False)):
        daemon("BlockdevGrow", described, 2, dry, backing, False)
    assert daemon("BlockdevGetdimensions", [described]) == [[6 * MIB, None]]
    daemon("BlockdevSetInfo", described, INFO)
    label = os.getxattr(brick_files(volume, disk)[0], "user.ganeti.label").decode()
    assert "instance = inst1.example.com" in label and "size_mib = 6" in label
    daemon("BlockdevShutdown", described)
    assert not client.fuse_mounts()
    assert daemon("BlockdevGetmirrorstatus", [described])[0]["is_degraded"] is False
    assert not client.fuse_mounts()  # a look leaves no mount
    daemon("BlockdevRemove", described)
    assert not brick_files(volume, disk) and not client.fuse_mounts()
    assert daemon("BlockdevFind", described) is None


def test_the_hold_of_an_image_that_has_vanished_goes_with_the_first_look(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str
) -> None:
    described = ganeti_disk(volume, disk)
    create(daemon, described)
    client.run(["rm", f"{STORAGE_DIR}/{disk}"])
    daemon("BlockdevShutdown", described)
    assert not client.fuse_mounts()


def test_an_image_by_its_path_alone(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str
) -> None:
    """It is on the volume that the node uses; what is no disk's path is refused."""
    path, moved = f"{STORAGE_DIR}/{disk}", f"{STORAGE_DIR}/{disk[:-1]}1"
    with pytest.raises(RequestRaised, match="BlockDeviceError: .*cannot tell which volume is meant"):
        daemon("helper", path, moved, 3)
    client.write_file("/etc/ganeti/gluster.toml", f'default_volume = "{volume.source}"\n')
    assert daemon("helper", path, moved, 3) == [moved, 4 * MIB, True, False, False]
    with pytest.raises(RequestRaised, match="FileStoragePathError: .*not under allowed|is not acceptable"):
        daemon("helper", "/srv/disk0", moved, 3)
    with pytest.raises(RequestRaised, match="BlockDeviceError: .*not-a-disk"):
        daemon("helper", f"{STORAGE_DIR}/not-a-disk", moved, 3)
    assert not client.fuse_mounts()


def test_a_volume_is_mounted_for_as_long_as_somebody_asks(
    volume: Volume, daemon: NodeDaemon
) -> None:
    assert daemon("mount_rows", ["node1", "24007", volume.name]) == [0, 1, 0, 1, 0]
