# SPDX-License-Identifier: BSD-2-Clause
"""A disk gets another name: image, hold and object go with it, nothing is replaced."""

from collections.abc import Callable

import pytest
from driver import STORAGE_DIR, Driver
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files, image_path
from testbed import Client, Volume

PATHS_FILE = "/etc/ganeti/file-storage-paths"


@pytest.fixture
def new() -> str:
    """A name that no disk has."""
    return "ganeti/11111111-2222-4333-8444-555555555555.7"


def held(driver: Driver) -> set[str]:
    return set(driver("holds"))


@pytest.mark.parametrize("hold", ["assemble", "open", "attach"])
def test_the_image_the_hold_and_the_object_get_the_new_name(
    client: Client, volume: Volume, driver: Driver, image: str, new: str, hold: str
) -> None:
    storage = Disk(driver, volume, image)
    storage(hold)
    before = list(driver("holds").values())
    client.run(["dd", f"of={image_path(image)}", "conv=notrunc,fsync"], input="content")
    assert storage("rename", new)
    try:
        assert storage("device-path") == f"{STORAGE_DIR}/{new}"
        assert (storage("state"), storage("attach")) == ("attached", True)
        assert storage("info")["links"] == 1
        assert (len(brick_files(volume, image)), len(brick_files(volume, new))) == (0, 3)
        assert client.run(["head", "-c7", image_path(new)]).stdout == "content"
        assert driver("holds") == dict.fromkeys([new] * len(before), *before)
        assert Disk(driver, volume, image)("attach") is False
        storage("grow", 1)
        assert Disk(driver, volume, new)("size") == (IMAGE_MIB + 1) * MIB
    finally:
        assert storage("remove")
    assert held(driver) == set()


def test_a_disk_is_renamed_without_any_earlier_call_and_twice(
    client: Client, volume: Volume, driver: Driver, image: str, new: str
) -> None:
    storage = Disk(driver, volume, image)
    assert storage("rename", new)
    assert storage("rename", new)
    storage.drop()
    assert client.fuse_mounts() == []
    assert held(driver) == set()
    assert Disk(driver, volume, image).outcome("rename", new) == "ENOENT"
    assert Disk(driver, volume, new)("rename", image)


@pytest.mark.parametrize("holders", ["none", "the_disk", "the_other", "both"])
def test_an_existing_image_is_not_replaced_and_every_hold_stays_where_it_was(
    volume: Volume, drivers: Callable[..., Driver], image: str, new: str, holders: str
) -> None:
    driver = drivers()
    other = Disk(driver, volume, new)
    other("create", 1)
    try:
        if holders in ("the_disk", "both"):
            Disk(driver, volume, image)("assemble")
        if holders in ("the_other", "both"):
            other("open")
        before = driver("holds")
        storage = Disk(drivers(), volume, image)
        error = storage.error("rename", new)
        assert error.code == "EEXIST"
        assert f"{new} exists already" in error.message
        assert driver("holds") == before
        assert storage("state") == "attached"
        assert storage("device-path") == f"{STORAGE_DIR}/{image}"
        assert (storage("size"), other("size")) == (IMAGE_MIB * MIB, MIB)
        assert (storage("info")["links"], other("info")["links"]) == (1, 1)
    finally:
        other("remove")


@pytest.mark.parametrize("hold", [True, False])
def test_a_half_done_renaming_is_completed_by_repeating_it(
    client: Client, volume: Volume, driver: Driver, image: str, new: str, hold: bool
) -> None:
    storage = Disk(driver, volume, image)
    assert storage("attach")
    client.run(["ln", image_path(image), image_path(new)])
    if hold:  # the hold goes first, as it is seen after a kill
        storage("open")
        driver("move-hold", image, new)
    assert (storage("info")["links"], len(brick_files(volume, new))) == (2, 3)
    again = Disk(driver, volume, image)
    assert again("rename", new)
    try:
        assert (again("size"), again("info")["links"]) == (IMAGE_MIB * MIB, 1)
        assert (len(brick_files(volume, image)), len(brick_files(volume, new))) == (0, 3)
        assert held(driver) == ({new} if hold else set())
    finally:
        assert again("remove")


def test_both_names_of_a_half_done_renaming_are_removed_one_by_one(
    client: Client, volume: Volume, driver: Driver, image: str, new: str
) -> None:
    storage = Disk(driver, volume, image)
    assert storage("attach")
    client.run(["ln", image_path(image), image_path(new)])
    assert storage("remove") is True
    other = Disk(driver, volume, new)
    assert (other("attach"), other("size")) == (True, IMAGE_MIB * MIB)
    assert other("remove") is True


@pytest.mark.parametrize("attached", [True, False])
def test_a_name_that_the_policy_does_not_allow_is_refused_and_nothing_moves(
    client: Client, volume: Volume, driver: Driver, image: str, new: str, attached: bool
) -> None:
    storage = Disk(driver, volume, image)
    if attached:
        storage("open")
    before = driver("holds")
    client.write_file(PATHS_FILE, "/srv/elsewhere\n")
    error = storage.error("rename", new)
    assert error.code == "PATH_NOT_ALLOWED"
    assert f"Path '{STORAGE_DIR}/{new}' is not acceptable for file storage" in error.message
    assert driver("holds") == before
    client.write_file(PATHS_FILE, f"{STORAGE_DIR}\n")
    assert storage("size") == IMAGE_MIB * MIB
    assert (len(brick_files(volume, image)), len(brick_files(volume, new))) == (3, 0)


def test_a_name_that_no_disk_can_have_is_refused(
    volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    for name in ("ganeti/../../etc/passwd", f"{image}x", "elsewhere"):
        assert storage.outcome("rename", name) == "INVALID_DISK"
    assert storage("size") == IMAGE_MIB * MIB


@pytest.mark.parametrize("hold", [True, False])
def test_what_is_no_image_at_the_new_name_is_left_alone(
    client: Client, volume: Volume, driver: Driver, image: str, new: str, hold: bool
) -> None:
    storage = Disk(driver, volume, image)
    storage("open" if hold else "attach")
    client.run(["mkdir", image_path(new)])
    try:
        assert storage.outcome("rename", new) in ("EEXIST", "NOT_AN_IMAGE")
        assert held(driver) == ({image} if hold else set())
        assert storage("size") == IMAGE_MIB * MIB
    finally:
        client.run(["rmdir", image_path(new)])
