# SPDX-License-Identifier: BSD-2-Clause
"""What the node daemon's requests make of a volume that does not answer: nothing is taken for gone,
stopping and giving up work, and everything else says why it failed.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from driver import REAL_DIR, STORAGE_DIR
from node_daemon import NodeDaemon, RequestFailed, RequestRaised, ganeti_disk
from storage_disk import brick_files
from testbed import Client, Cluster, Volume
from testbed.faults import bricks_down, refusing_address

INSTANCE = {"instance": "inst1.example.com"}
# Call, its arguments (DISK stands for the disk), and what comes of it: a value, or FAILS.
DISK = object()
FAILS = object()
CALLS: dict[str, tuple[list[Any], Any]] = {
    "BlockdevCreate": ([DISK, 4, "inst1", True, "info", False], FAILS),
    "BlockdevAssemble": ([DISK, INSTANCE, True, 0], FAILS),
    "BlockdevOpen": (["inst1.example.com", [DISK], True], FAILS),
    "BlockdevClose": (["inst1.example.com", [DISK]], None),
    "BlockdevShutdown": ([DISK], None),
    "BlockdevRemove": ([DISK], FAILS),
    "BlockdevGrow": ([DISK, 1, True, True, False], FAILS),
    "BlockdevRename": ([[[DISK, ["loop", "ganeti/00000000-0000-4000-8000-000000000000.0"]]]], FAILS),
    "BlockdevFind": ([DISK], FAILS),
    "BlockdevGetdimensions": ([[DISK]], [None]),
    "BlockdevGetmirrorstatus": ([[DISK]], FAILS),
    "BlockdevSetInfo": ([DISK, "info"], FAILS),
    "BlockdevWipe": ([DISK, 0, 1], FAILS),
    "BlockdevImage": ([DISK, "/etc/hosts", 1], FAILS),
    "BlockdevConvert": ([DISK, DISK], FAILS),
    "BlockdevSnapshot": ([DISK, "snap", 4], FAILS),
    "BlockdevPauseResumeSync": ([[DISK], True], [[True, None]]),
    "link": (["inst1.example.com", [DISK]], FAILS),
}


@contextmanager
def foreign_mount(client: Client) -> Iterator[None]:
    """A file system on the storage dir that is no volume."""
    client.run(["mkdir", "-p", REAL_DIR])
    client.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    yield
    client.run(["umount", REAL_DIR])


@pytest.fixture(params=["refused", "foreign"])
def world(
    request: pytest.FixtureRequest, cluster: Cluster, client: Client, volume: Volume
) -> Iterator[tuple[str, str]]:
    """The host to give in the parameters, and what an error must say of the cause."""
    if request.param == "refused":
        with refusing_address(cluster) as address:
            yield address.ipv4, "nothing listens"
        return
    with foreign_mount(client):
        yield "node1", "tmpfs"


def filled_in(arguments: Any, disk: dict[str, Any]) -> Any:
    """The arguments with the disk in its place."""
    if arguments is DISK:
        return disk
    return [filled_in(item, disk) for item in arguments] if isinstance(arguments, list) else arguments


@pytest.mark.parametrize("call", CALLS)
def test_a_volume_that_cannot_be_reached(
    client: Client, daemon: NodeDaemon, world: tuple[str, str], disk: str, call: str
) -> None:
    host, cause = world
    arguments, expected = CALLS[call]
    words = filled_in(arguments, ganeti_disk("gv0", disk, host=host))
    if expected is not FAILS:
        assert daemon(call, *words) == expected
        return
    with pytest.raises((RequestFailed, RequestRaised)) as error:
        daemon(call, *words)
    if call != "BlockdevSnapshot":  # no snapshots, whatever the volume does
        assert cause in str(error.value).lower()
        assert cause in daemon.log().lower()


def test_a_removal_that_fails_leaves_the_image(
    client: Client, volume: Volume, daemon: NodeDaemon, image: str
) -> None:
    with foreign_mount(client), pytest.raises(RequestFailed, match="tmpfs"):
        daemon("BlockdevRemove", ganeti_disk(volume, image))
    assert brick_files(volume, image)


@pytest.fixture
def file_disk(client: Client) -> Iterator[dict[str, Any]]:
    """A disk of the template file."""
    folder = "/run/ganeti/files"
    client.write_file("/etc/ganeti/file-storage-paths", f"{STORAGE_DIR}\n{folder}\n")
    client.run(["mkdir", folder])
    client.write_file(f"{folder}/disk0", "data")
    yield ganeti_disk("", "", dev_type="file", logical_id=["loop", f"{folder}/disk0"], params={})
    client.run(["rm", "-r", folder])


def test_a_dead_volume_says_nothing_of_disks_of_other_templates(
    daemon: NodeDaemon, world: tuple[str, str], disk: str, file_disk: dict[str, Any]
) -> None:
    """Verification asks for all disks of a node at once."""
    gluster = ganeti_disk("gv0", disk, host=world[0])
    answers = daemon("BlockdevGetmirrorstatusMulti", [gluster, file_disk, gluster])
    assert [ok for ok, _ in answers] == [False, True, False]
    assert world[1] in answers[0][1].lower()


@pytest.fixture
def spread(cluster: Cluster) -> Iterator[Volume]:
    """A volume whose images lie on one of two bricks each."""
    yield cluster.create_volume("spread", distribute=2)
    cluster.delete_volume("spread")


def test_an_image_on_a_brick_that_is_down_is_not_taken_for_gone(
    client: Client, spread: Volume, daemon: NodeDaemon
) -> None:
    disks = [ganeti_disk(spread, f"ganeti/{uuid.uuid4()}.0") for _ in range(6)]
    for disk in disks:
        daemon("BlockdevCreate", disk, 4, "inst1", False, "info", False)
    brick = spread.bricks[0]
    there = {path.name for path in brick.node.path(f"{brick.path}/ganeti").iterdir()}
    hidden = [disk for disk in disks if disk["disk"]["logical_id"][1].split("/")[1] in there]
    assert hidden and len(hidden) < len(disks)
    with bricks_down(spread, [brick]):
        for disk in hidden:
            with pytest.raises((RequestFailed, RequestRaised), match="it may lie there"):
                assert daemon("BlockdevFind", disk) is None
    for disk in disks:
        daemon("BlockdevRemove", disk)
