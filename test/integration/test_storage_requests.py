# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti's own sequences of requests, each request with an object of its own."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from driver import REAL_DIR, Driver
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files, image_path, make_image, the_mount
from testbed import Client, Volume
from testbed.faults import kill_fuse_client



@pytest.fixture
def other_image(volume: Volume, drivers: Callable[..., Driver], image: str) -> Iterator[str]:
    """A second disk of the same instance."""
    disk = f"{image[:-1]}1"
    make_image(drivers(), volume, disk)
    yield disk
    Disk(drivers(), volume, disk)("remove")


def reasons(driver: Driver) -> dict[str, str]:
    """Why each disk is held."""
    return {disk: hold["reason"] for disk, hold in driver("holds").items()}


def test_a_new_disk_is_created_assembled_opened_and_named_with_one_mount(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    storage = Disk(driver, volume, disk)
    storage("create", IMAGE_MIB)
    mount = the_mount(client)
    calls = ["attach", "assemble", "open", "set-info text", "size", "info", "label", "space"]
    for call in [*calls, "grow 1", "check-grow 1", f"rename {disk[:-1]}1", f"rename {disk}"]:
        assert storage(call), call
        assert the_mount(client) == mount, call
    storage.drop()
    assert the_mount(client) == mount
    assert reasons(driver) == {disk: "opened"}

    stop = Disk(driver, volume, disk)
    assert stop("attach")
    assert the_mount(client) == mount
    stop("shutdown")
    assert client.fuse_mounts() == []
    assert Disk(driver, volume, disk)("remove")
    assert brick_files(volume, disk) == []


def test_a_migration_target_opens_a_disk_that_it_never_assembled_and_its_source_only_closes_it(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    target = Disk(driver, volume, image)
    target("open")
    target.drop()
    assert reasons(driver) == {image: "opened"}
    mount = the_mount(client)

    source = Disk(driver, volume, image)
    assert source("attach")
    assert the_mount(client) == mount
    source("close")
    source.drop()
    assert reasons(driver) == {}
    assert client.fuse_mounts() == []


@pytest.mark.parametrize("attached", [True, False])
def test_a_disk_is_removed_that_was_never_shut_down(
    client: Client, volume: Volume, driver: Driver, image: str, attached: bool
) -> None:
    start = Disk(driver, volume, image)
    start("assemble")
    start.drop()
    removal = Disk(driver, volume, image)
    if attached:
        assert removal("attach")
    assert removal("remove") is True
    assert removal("state") == "absent"
    assert reasons(driver) == {}
    assert client.fuse_mounts() == []
    assert brick_files(volume, image) == []
    assert removal("remove") is False


def test_a_look_at_a_stopped_disk_leaves_no_mount(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    look = Disk(driver, volume, image)
    assert look("attach")
    assert look("size") == IMAGE_MIB * MIB
    look.drop()
    assert client.fuse_mounts() == []


@contextmanager
def attached(_: Client, volume: Volume, driver: Driver, disk: str) -> Iterator[None]:
    storage = Disk(driver, volume, disk)
    assert storage("attach")
    yield
    assert storage("state") == "attached"
    assert storage("size") == IMAGE_MIB * MIB


@contextmanager
def held(call: str, _: Client, volume: Volume, driver: Driver, disk: str) -> Iterator[None]:
    """By an earlier request, which has ended."""
    storage = Disk(driver, volume, disk)
    storage(call)
    storage.drop()
    before = driver("holds")[disk]
    yield
    assert driver("holds")[disk] == before
    storage = Disk(driver, volume, disk)
    storage("close")
    storage.drop()


@contextmanager
def open_file(client: Client, volume: Volume, driver: Driver, disk: str) -> Iterator[None]:
    """A machine that reads its disk when it is told to, and that nobody wrote a hold for."""
    look = Disk(driver, volume, disk)
    assert look("attach")
    script = f"exec 3<{image_path(disk)} && echo open && read line && head -c3 <&3 | wc -c"
    reader = client.popen(["sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert reader.stdin and reader.stdout
        assert reader.stdout.readline() == "open\n"
        look.drop()
        yield
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "3\n"
    finally:
        reader.end()
        driver("unmount")


USES = {
    "attached": attached,
    "assembled": partial(held, "assemble"),
    "opened": partial(held, "open"),
    "open_file": open_file,
}


@pytest.mark.parametrize("by_this_process", [True, False], ids=["by_the_remover", "by_another"])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_removing_a_disk_leaves_the_mount_to_the_disk_that_is_used(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    image: str,
    other_image: str,
    use: Callable[..., "contextmanager[None]"],
    by_this_process: bool,
) -> None:
    remover = drivers()
    user = remover if by_this_process else drivers()
    with use(client, volume, user, other_image):
        mount = the_mount(client)
        removal = Disk(remover, volume, image)
        removal("assemble")
        assert removal("remove") is True
        assert the_mount(client) == mount
        assert image not in remover("holds")
        removal.drop()
        assert the_mount(client) == mount
    assert brick_files(volume, image) == []
    assert len(brick_files(volume, other_image)) == 3


@pytest.mark.parametrize("call", ["close", "shutdown", "remove"])
def test_the_mount_goes_with_the_last_disk_that_needs_it(
    client: Client, volume: Volume, driver: Driver, image: str, other_image: str, call: str
) -> None:
    first, last = Disk(driver, volume, image), Disk(driver, volume, other_image)
    first("assemble")
    last("assemble")
    last.drop()
    mount = the_mount(client)
    first(call)
    assert the_mount(client) == mount
    assert reasons(driver) == {other_image: "assembled"}
    last = Disk(driver, volume, other_image)
    assert last("attach")
    last(call)
    assert client.fuse_mounts() == []


def test_a_disk_is_attached_afresh_after_its_client_was_killed(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    storage("open")
    dead = kill_fuse_client(client, REAL_DIR)
    assert storage.outcome("size") == "MOUNT_LOST"
    assert storage("attach") is True
    assert storage("size") == IMAGE_MIB * MIB
    assert the_mount(client)[1] != dead
    assert reasons(driver) == {image: "opened"}
    storage("close")
    assert client.fuse_mounts() == []
