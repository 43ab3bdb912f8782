# SPDX-License-Identifier: BSD-2-Clause
"""Sizes at the limits of numbers and of volumes: refused, and nothing is left of them."""

import json
import os

import pytest
from driver import REAL_DIR, Driver, LibraryError, built
from images import MIB, code_of, complete, disks_on_bricks, empty_folder, sizes
from testbed import Client, Volume

MOST_BYTES = (1 << 63) - 1
MOST_MIB = MOST_BYTES // MIB
NO_SIZE = [0, -1, -MOST_BYTES - 1, MOST_MIB + 1, MOST_BYTES]


@pytest.fixture
def ready(client: Client, volume: Volume, driver: Driver) -> Driver:
    """A driver that has the volume mounted, without disks."""
    driver("mount", volume.source)
    empty_folder(client)
    return driver


def volume_mib(client: Client) -> int:
    """The size of the mounted volume."""
    status = os.statvfs(client.path(REAL_DIR))
    return status.f_blocks * status.f_frsize // MIB


@pytest.mark.parametrize("mib", NO_SIZE)
def test_what_is_no_size_is_refused_before_anything_is_made(
    volume: Volume, ready: Driver, disk: str, mib: int
) -> None:
    for preallocation in ("off", "falloc", "full"):
        assert code_of(ready, "create", disk, mib, preallocation) == "INVALID_SIZE"
    assert disks_on_bricks(volume) == []


def test_the_smallest_image_has_one_mib_and_the_largest_is_as_large_as_the_volume(
    client: Client, volume: Volume, ready: Driver, disk: str
) -> None:
    largest = volume_mib(client)
    for mib in (largest + 1, 2 * largest, MOST_MIB):
        with pytest.raises(LibraryError) as error:
            ready("create", disk, mib)
        assert error.value.code == "ENOSPC"
        assert f"{mib} MiB are more than the whole volume has, {largest} MiB" in error.value.message
        assert disks_on_bricks(volume) == []
    for mib in (1, largest):
        assert ready("create", disk, mib)
        assert sizes(volume, disk) == complete(volume, mib)
        assert ready("remove", disk)


@pytest.mark.parametrize("amount", [-1, -MOST_BYTES - 1, MOST_MIB - 2, MOST_MIB + 1, MOST_BYTES])
def test_an_amount_that_no_image_can_grow_by_changes_nothing(
    volume: Volume, ready: Driver, disk: str, amount: int
) -> None:
    ready("create", disk, 3)
    assert code_of(ready, "grow", disk, amount) == "INVALID_SIZE"
    assert sizes(volume, disk) == complete(volume, 3)
    assert ready("remove", disk)


def test_an_image_grows_up_to_the_size_of_the_volume(
    client: Client, volume: Volume, ready: Driver, disk: str
) -> None:
    largest = volume_mib(client)
    ready("create", disk, 3)
    for amount in (largest - 2, MOST_MIB - 3):
        assert code_of(ready, "grow", disk, amount) == "ENOSPC"
        assert sizes(volume, disk) == complete(volume, 3)
    assert ready("grow", disk, 0)
    assert sizes(volume, disk) == complete(volume, 3)
    assert ready("grow", disk, largest - 3)
    assert sizes(volume, disk) == complete(volume, largest)
    assert code_of(ready, "grow", disk, 1) == "ENOSPC"
    assert ready("remove", disk)


@pytest.mark.parametrize(
    "size", ["0", "-1", "8796093022208", "9223372036854775808", f"{10**30}", "8388608T", "1e400"]
)
def test_the_tool_refuses_a_size_that_no_image_can_have_and_mounts_nothing(
    client: Client, disk: str, size: str
) -> None:
    tool = built("tools/ganeti-gluster")
    for words in (["create", disk, f"--size={size}"], ["grow", disk, f"{size}"]):
        result = client.run([tool, "disk", *words, "--volume", "node1:/gv0", "--json"], check=False)
        assert result.returncode == 2, result
        if not size.startswith("-"):  # that is an option to the command line's reader
            assert json.loads(result.stdout)["error"]["code"] == "INVALID_SIZE"
    assert client.fuse_mounts() == []
