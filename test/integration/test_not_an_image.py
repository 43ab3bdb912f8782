# SPDX-License-Identifier: BSD-2-Clause
"""What stands at a disk's path and is no image, and what has more than one name."""

from collections.abc import Iterator

import pytest
from driver import REAL_DIR, Driver
from images import (
    MIB,
    beginnings,
    code_of,
    complete,
    disks_on_bricks,
    empty_folder,
    new_disk,
    on_bricks,
    put,
    sizes,
)
from storage_disk import Disk
from testbed import Client, Volume

OUTSIDE = "/run/outside"
MAKE_SOCKET = "import os, stat, sys; os.mknod(sys.argv[1], stat.S_IFSOCK | 0o600)"
KINDS = {
    "a_symlink": ["ln", "-s", f"{OUTSIDE}/image"],
    "a_dangling_symlink": ["ln", "-s", "no-such-image"],
    "a_symlink_to_itself": ["sh", "-c", 'ln -s "${0##*/}" "$0"'],
    "a_fifo": ["mkfifo"],
    "a_fifo_with_the_mode_of_an_unfinished_image": ["mkfifo", "-m", "200"],
    "a_socket": ["/usr/bin/python3", "-IS", "-c", MAKE_SOCKET],
    "a_character_device": ["sh", "-c", 'mknod "$0" c 1 3'],
    "a_block_device": ["sh", "-c", 'mknod "$0" b 7 250'],
    "a_folder": ["mkdir"],
}


@pytest.fixture
def outside(client: Client, disk: str) -> Iterator[None]:
    """A folder on the client's own disk, with what links could lead to, unchanged at the end."""
    client.run(["mkdir", OUTSIDE])
    for name in ("image", disk.removeprefix("ganeti/")):
        client.write_file(f"{OUTSIDE}/{name}", "not yours")
    look = ["ls", "-lR", "--full-time", OUTSIDE]
    before = client.run(look).stdout
    yield
    after = client.run(look).stdout
    client.run(["rm", "-rf", OUTSIDE])
    assert after == before


@pytest.fixture
def ready(client: Client, volume: Volume, driver: Driver) -> Driver:
    """A driver that has the volume mounted, without disks."""
    driver("mount", volume.source)
    empty_folder(client)
    return driver


@pytest.mark.parametrize("argv", KINDS.values(), ids=KINDS)
def test_what_is_no_regular_file_is_told_from_an_absent_image_and_not_touched(
    client: Client, volume: Volume, ready: Driver, outside: None, disk: str, argv: list[str]
) -> None:
    path = f"{REAL_DIR}/{disk}"
    client.run([*argv, path])
    before = client.run(["stat", "-c", "%i %F %a %Z", path]).stdout
    for command in ("exists", "size", "grow", "remove"):
        assert (command, code_of(ready, command, disk, 1)) == (command, "NOT_AN_IMAGE")
    assert code_of(ready, "move", disk, new_disk()) == "NOT_AN_IMAGE"
    assert code_of(ready, "create", disk, 1) == "EEXIST"
    assert client.run(["stat", "-c", "%i %F %a %Z", path]).stdout == before
    assert disks_on_bricks(volume) == [disk]
    client.run(["rm", "-rf", path])


@pytest.mark.parametrize(
    "argv",
    [["ln", "-s", OUTSIDE], ["ln", "-s", "elsewhere"], ["mkfifo"], ["touch"]],
    ids=["a_symlink_outwards", "a_symlink_on_the_volume", "a_fifo", "a_file"],
)
def test_what_stands_in_place_of_the_folder_of_disks_is_neither_followed_nor_touched(
    client: Client, volume: Volume, ready: Driver, outside: None, disk: str, argv: list[str]
) -> None:
    folder, elsewhere = f"{REAL_DIR}/ganeti", f"{REAL_DIR}/elsewhere"
    ready("create", disk, 1)
    try:
        client.run(["mv", folder, elsewhere])
        client.run([*argv, folder])
        before = client.run(["stat", "-c", "%i %F %Z", folder]).stdout
        for name in (disk, new_disk()):
            for command in ("exists", "size", "grow", "remove", "create"):
                code = code_of(ready, command, name, 1)
                assert (command, code) in ((command, "NOT_AN_IMAGE"), (command, "ENOTDIR"))
            assert code_of(ready, "move", name, new_disk()) in ("NOT_AN_IMAGE", "ENOTDIR")
        assert client.run(["stat", "-c", "%i %F %Z", folder]).stdout == before
        assert client.run(["ls", elsewhere]).stdout.split() == [disk.removeprefix("ganeti/")]
        assert sizes(volume, disk.replace("ganeti", "elsewhere")) == complete(volume, 1)
    finally:
        client.run(["rm", "-rf", folder, elsewhere])


def test_an_image_with_two_names_works_under_each_and_outlives_one_of_them(
    client: Client, volume: Volume, ready: Driver, disk: str
) -> None:
    other = new_disk()
    ready("create", disk, 2)
    client.run(["ln", f"{REAL_DIR}/{disk}", f"{REAL_DIR}/{other}"])
    storages = [Disk(ready, volume, name) for name in (disk, other)]
    for storage, expected in zip(storages, (3, 4), strict=True):
        assert storage("info")["links"] == 2
        storage("grow", 1)
        assert [each("size") for each in storages] == [expected * MIB] * 2
    put(client, other, "data")
    assert code_of(ready, "create", other, 1) == "EEXIST"
    assert ready("remove", disk)
    assert not ready("exists", disk)
    assert disks_on_bricks(volume) == [other]
    assert sizes(volume, other) == complete(volume, 4)
    assert beginnings(volume, other, 4) == ["data"] * 3
    # The second link of a brick's file is Gluster's own.
    assert [status.st_nlink for status in on_bricks(volume, other)] == [2] * 3
    assert storages[1]("info")["links"] == 1
    assert ready("remove", other)
