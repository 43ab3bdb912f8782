# SPDX-License-Identifier: BSD-2-Clause
"""Every kind of volume does what Ganeti asks of a disk, and keeps nothing of one that is gone."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from driver import Driver, LibraryError
from images import code_of, held_after, killed_at, new_disk
from storage_disk import Disk
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import SyscallPoint
from volume_kinds import (
    KINDS,
    MIB,
    Content,
    Kind,
    await_files,
    files_on_bricks,
    free_bytes,
    image,
    little_space,
    names_on_bricks,
)

OTHER_DIR = "/run/other-client"


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture(scope="module")
def volume(cluster: Cluster, volume: Volume, kind: Kind) -> Iterator[Volume]:
    """A volume of each kind."""
    if not kind.layout:
        yield volume
        return
    yield cluster.create_volume(kind.name, **kind.layout)
    cluster.delete_volume(kind.name)


@pytest.fixture
def clients(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> Iterator[list[Driver]]:
    """Two drivers, each with a mount of its own and so a client of the volume of its own."""
    found = [drivers(), drivers(OTHER_DIR)]
    for driver in found:
        driver("mount", volume.source)
    assert len(client.fuse_clients()) == 2
    yield found
    found[1].end()
    client.run(["rmdir", OTHER_DIR])


def test_a_disk_keeps_its_content_through_all_that_ganeti_does_and_leaves_nothing(
    client: Client, volume: Volume, kind: Kind, drivers: Callable[..., Driver], disk: str
) -> None:
    before = files_on_bricks(volume)
    known = names_on_bricks(volume).keys()
    storage = Disk(drivers(), volume, disk)
    assert storage("attach") is False
    storage("create", 13)
    assert (storage("attach"), storage("size")) == (True, 13 * MIB)
    content = Content(13)
    block = bytes(range(256)) * 512
    pieces = {0: b"beginning", 4 * MIB - 7: b"over a shard's limit", 9 * MIB: block, -7: b"the end"}
    content.write(image(client, disk), pieces)
    storage("grow", 5)
    content.grow(5)
    # A sharded volume is for one writer at a time: another client does not learn that an image has grown.
    storage.driver.look_anew()
    content.write(image(client, disk), {13 * MIB - 3: b"over the old end", -3: b"end"})
    storage("set-info", "originstname+web.example.com")
    assert storage.outcome("create", 1) == "EEXIST"
    storage.driver.end()
    assert client.fuse_mounts() == []

    storage = Disk(drivers(), volume, disk)
    assert storage("attach") is True
    assert content.differences(image(client, disk)) == []
    info = storage("info")
    assert (info["size_bytes"], info["links"]) == (18 * MIB, 1)
    assert len(block) <= info["allocated_bytes"] < 9 * MIB
    label = storage("label")
    assert (label["disk"], label["size_mib"]) == (disk, 18)
    assert (label["info"], label["instance"]) == ("originstname+web.example.com", "web.example.com")

    # Until a name belonged to other bricks than those that have the data, and was left again.
    elsewhere: list[bool] = []
    wanted = {True, False} if kind.spread else {False}
    while len(elsewhere) < 3 or (len(elsewhere) < 40 and set(elsewhere[:-1]) != wanted):
        disk = new_disk()
        storage("rename", disk)
        found = names_on_bricks(volume)
        assert found.keys() - known == {disk}
        elsewhere.append(found[disk])
    assert set(elsewhere) == wanted
    # A rename that was killed after its first step is completed by repeating it.
    last, disk = disk, new_disk()
    os.link(image(client, last), image(client, disk))
    storage("rename", disk)
    assert names_on_bricks(volume).keys() - known == {disk}
    assert storage("label") == label | {"disk": disk}
    assert content.differences(image(client, disk)) == []

    assert storage("remove") is True
    assert (storage("attach"), storage("remove")) == (False, False)
    await_files(volume, before)


@pytest.mark.parametrize("preallocation", ["falloc", "full"])
def test_space_is_taken_at_once_and_given_back_by_every_kind(
    client: Client, volume: Volume, kind: Kind, driver: Driver, disk: str, preallocation: str
) -> None:
    """No kind of volume refuses either way; it is the bricks' file systems that must be able to."""
    before = files_on_bricks(volume)
    driver("mount", volume.source)
    storage = Disk(driver, volume, disk)
    space = storage("space")
    brick = os.statvfs(volume.bricks[0].node.path(volume.bricks[0].path))
    assert abs(space["size_bytes"] - kind.data_bricks * brick.f_blocks * brick.f_frsize) < MIB
    driver("create", disk, 9, preallocation)
    driver("grow", disk, 3, preallocation)
    # A client's answer may be a second old.
    await_condition(lambda: storage("info")["allocated_bytes"] >= 12 * MIB, "all of it is taken")
    assert storage("space")["used_bytes"] - space["used_bytes"] >= 12 * MIB
    assert space["free_bytes"] - storage("space")["free_bytes"] >= 12 * MIB
    assert storage("size") == 12 * MIB
    assert Content(12).differences(image(client, disk)) == []
    assert driver("remove", disk)
    await_files(volume, before)
    if kind.name != "shard":  # where GlusterFS may keep some for later
        await_condition(
            lambda: storage("space")["used_bytes"] <= space["used_bytes"] + MIB, "all of it is back"
        )


@pytest.mark.parametrize("preallocation", ["falloc", "full"])
def test_what_was_taken_before_the_bricks_were_full_is_given_back(
    client: Client, volume: Volume, driver: Driver, disk: str, preallocation: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 5, preallocation)
    before = files_on_bricks(volume)
    free = [free_bytes(brick) for brick in volume.bricks]
    for words in (("create", new_disk(), 60), ("grow", disk, 55)):
        point = SyscallPoint("fstatfs", 2)  # nothing is taken yet
        command = " ".join(map(str, (*words, preallocation)))
        with ExitStack() as full:
            with held_after(client, driver, point, command, at_volume=True):
                full.enter_context(little_space(volume.bricks, 6 * MIB))
            with pytest.raises(LibraryError, match="a brick has no space left") as error:
                driver.answer()
            assert (words, error.value.code) == (words, "ENOSPC")
            await_files(volume, before)
            assert driver("size", disk) == 5 * MIB
        for brick, had in zip(volume.bricks, free, strict=True):
            is_back = partial(lambda brick, had: free_bytes(brick) > had - MIB, brick, had)
            await_condition(is_back, f"all is free again on {brick}")
    assert driver("remove", disk)


def test_an_image_is_removed_from_a_full_volume(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    before = files_on_bricks(volume)
    driver("mount", volume.source)
    driver("create", disk, 9, "falloc")
    with little_space(volume.bricks, 0):
        assert driver("remove", disk)
        await_files(volume, before)


def test_another_client_sees_that_a_creation_is_not_done(
    client: Client, volume: Volume, clients: list[Driver], disk: str
) -> None:
    creator, other = clients
    with held_after(client, creator, SyscallPoint("ftruncate", 1), f"create {disk} 9"):
        assert code_of(other, "exists", disk) == "UNFINISHED_IMAGE"
        assert code_of(other, "create", disk, 5) == "EEXIST"
    assert creator.answer()
    assert code_of(other, "create", disk, 5) == "EEXIST"

    def seen() -> bool:
        try:
            return bool(other("size", disk) == 9 * MIB)
        except LibraryError as error:
            assert error.code == "UNFINISHED_IMAGE"
            return False

    await_condition(seen, "the other client's answers are newer")
    assert other("remove", disk)


def test_clients_that_grow_in_turn_never_shrink_the_image(
    client: Client, volume: Volume, clients: list[Driver], disk: str
) -> None:
    first, second = clients
    first("create", disk, 3)
    assert (first("size", disk), second("size", disk)) == (3 * MIB, 3 * MIB)
    second("grow", disk, 4)
    first("grow", disk, 1)
    second("grow", disk, 2)
    for driver in clients:
        await_condition(lambda driver=driver: driver("size", disk) == 10 * MIB, "all is added up")
    assert first("remove", disk)


def test_a_killed_creation_is_taken_over_at_once_by_its_own_client_and_by_another(
    client: Client, volume: Volume, clients: list[Driver], disk: str
) -> None:
    before = files_on_bricks(volume)
    for driver in clients:
        killed_at(client, volume, SyscallPoint("ftruncate", 1), f"create {disk} 5")
        assert driver("create", disk, 3)
        assert driver("size", disk) == 3 * MIB
        assert driver("remove", disk)
    await_files(volume, before)


def size_of(path: Path) -> int:
    """What a mount says, once it does not know the file that was there before any more."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def test_nothing_of_a_leftover_is_in_the_image_that_takes_its_place(
    client: Client, volume: Volume, clients: list[Driver], disk: str
) -> None:
    before = files_on_bricks(volume)
    creator, other = clients
    creator("create", disk, 9)
    Content(9).write(image(client, disk), {0: b"rubbish" * MIB})
    image(client, disk).chmod(0o200)
    # What a client was told may be a second old.
    leftover = image(client, disk, OTHER_DIR)
    await_condition(lambda: leftover.stat().st_mode & 0o777 == 0o200, "the other client sees it")
    assert code_of(other, "size", disk) == "UNFINISHED_IMAGE"
    assert other("create", disk, 5)
    await_condition(lambda: size_of(leftover) == 5 * MIB, "the other client's mount sees it")
    assert Content(5).differences(leftover) == []
    assert names_on_bricks(volume).keys() - {path for _, path in before} == {disk}
    assert other("remove", disk)
    await_files(volume, before)
