# SPDX-License-Identifier: BSD-2-Clause
"""A volume that turns root into nobody: refused with the reason, and never called empty."""

from collections.abc import Callable, Iterator

import pytest
from driver import Driver, LibraryError
from images import disks_on_bricks
from storage_disk import Disk
from testbed import Client, Cluster, Volume, await_condition

OPTION = "server.root-squash"


@pytest.fixture
def volume(cluster: Cluster) -> Iterator[Volume]:
    yield cluster.create_volume("squash")
    cluster.delete_volume("squash")


def refusal(storage: Disk, *words: object) -> LibraryError:
    """The error of a call, which must name the volume's option."""
    error = storage.error(*words)
    assert (words, error.code) == (words, "EACCES")
    assert OPTION in error.message
    return error


def test_an_image_is_not_created_where_root_may_not_write_and_the_error_says_why(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    volume.set({OPTION: "on"})
    storage = Disk(driver, volume, disk)
    assert storage("attach") is False
    refusal(storage, "create", 1)
    assert (storage("attach"), storage("remove")) == (False, False)
    (brick,) = volume.bricks
    assert [path.name for path in brick.node.path(brick.path).iterdir()] == [".glusterfs"]


def test_images_that_root_may_not_look_at_are_not_called_absent(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    creator = Disk(drivers(), volume, disk)
    creator("create", 1)
    creator.driver.end()
    volume.set({OPTION: "on"})
    storage = Disk(drivers(), volume, disk)
    for call in ("attach", "size", "remove", "create"):
        refusal(storage, call, 1)
    assert storage("state") == "failed"
    assert disks_on_bricks(volume) == [disk]
    volume.set({OPTION: "off"})
    await_condition(lambda: storage.outcome("attach") is True, "root is root again")
    assert storage("remove")
