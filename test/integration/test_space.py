# SPDX-License-Identifier: BSD-2-Clause
"""Space that is taken for images on small bricks: told in steps, never half, given back."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack

import image_store
import pytest
from driver import REAL_DIR, Driver
from images import (
    MIB,
    answer_of,
    beginnings,
    code_of,
    complete,
    disks_on_bricks,
    empty_folder,
    held_after,
    killed_at,
    on_bricks,
    put,
    sizes,
)
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import SyscallPoint, full_brick
from volume_kinds import little_space
from worker_program import WORKER_OVERLAY

PREALLOCATIONS = ["falloc", "full"]
CHUNK = 64  # MiB that are taken between two looks at the free space


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster whose bricks are soon full."""
    with Cluster(nodes=3, clients=1, brick_size=256 * MIB, overlays=(WORKER_OVERLAY,)) as cluster:
        image_store.prepare(cluster.client)
        yield cluster


@pytest.fixture(scope="module")
def volume(cluster: Cluster) -> Volume:
    return cluster.create_volume("gv0", replica=3)


@pytest.fixture(scope="module")
def spread(cluster: Cluster) -> Volume:
    """A volume that puts each image on one of its two bricks."""
    return cluster.create_volume("spread", distribute=2)


def free_bytes(volume: Volume) -> list[int]:
    """What is free on the file system of each brick."""
    found = [os.statvfs(brick.node.path(brick.path)) for brick in volume.bricks]
    return [status.f_bfree * status.f_frsize for status in found]


def free_mib(client: Client) -> int:
    """What the mounted volume says that images can have."""
    status = os.statvfs(client.path(REAL_DIR))
    return status.f_bavail * status.f_frsize // MIB


def taken_bytes(volume: Volume, before: list[int]) -> list[int]:
    """What each brick's file system has given since then."""
    return [old - new for old, new in zip(before, free_bytes(volume), strict=True)]


def await_given_back(volume: Volume, before: list[int]) -> None:
    """Returns when as much is free as then, but for some KiB of folders that bricks keep.

    A brick gives space back when it has closed a removed file, which nobody waits for.
    """
    await_condition(lambda: max(taken_bytes(volume, before)) < MIB // 4, "all is given back")


@pytest.fixture
def ready(client: Client, volume: Volume, driver: Driver) -> Driver:
    """A driver that has the volume mounted, without disks."""
    driver("mount", volume.source)
    empty_folder(client)
    return driver


def steps(mib: int) -> list[list[int]]:
    """What a command tells that takes so much."""
    done = [*range(CHUNK, mib, CHUNK), mib]
    return [[step * MIB, mib * MIB] for step in done]


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
def test_progress_is_told_in_steps_and_ends_with_the_whole(
    volume: Volume, ready: Driver, disk: str, preallocation: str
) -> None:
    assert ready("create", disk, 130, preallocation) == steps(130)
    assert ready("grow", disk, 64, preallocation) == steps(64)
    assert ready("grow", disk, 2, preallocation) == steps(2)
    assert ready("grow", disk, 2) is True  # sparse: there is nothing to tell of
    assert sizes(volume, disk) == complete(volume, 198)
    assert all(198 > status.st_blocks * 512 // MIB >= 196 for status in on_bricks(volume, disk))
    assert ready("remove", disk)


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
def test_an_image_may_take_all_that_is_free_and_not_more(
    client: Client, volume: Volume, ready: Driver, disk: str, preallocation: str
) -> None:
    before = free_bytes(volume)
    with little_space(volume.bricks, 80 * MIB):
        mib = free_mib(client)
        assert 70 < mib < 80
        assert code_of(ready, "create", disk, mib + 1, preallocation) == "ENOSPC"
        assert disks_on_bricks(volume) == []
        assert ready("create", disk, mib - 2, preallocation) == steps(mib - 2)
        for amount in (2 + 1, mib):
            assert code_of(ready, "grow", disk, amount, preallocation) == "ENOSPC"
            assert sizes(volume, disk) == complete(volume, mib - 2)
        assert ready("grow", disk, 1, preallocation) == steps(1)
        assert ready("remove", disk)
    await_given_back(volume, before)


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
@pytest.mark.parametrize("command", ["create", "grow"])
def test_space_that_somebody_else_takes_in_the_middle_is_an_error_and_all_is_given_back(
    client: Client, volume: Volume, ready: Driver, disk: str, command: str, preallocation: str
) -> None:
    """The bricks fill up after the first chunk was taken, and after the look before the second."""
    if command == "grow":
        ready("create", disk, 3, "falloc")
        put(client, disk, "data")
    before = free_bytes(volume)
    # The look at the whole comes first, then one at each chunk.
    point = SyscallPoint("fstatfs", 3)
    with ExitStack() as faults:
        words = f"{command} {disk} 140 {preallocation}"
        with held_after(client, ready, point, words, at_volume=True):
            assert min(taken_bytes(volume, before)) >= 60 * MIB
            faults.enter_context(little_space(volume.bricks, 5 * MIB))
        assert answer_of(ready) == "ENOSPC"
        if command == "create":
            assert disks_on_bricks(volume) == []
        else:
            assert sizes(volume, disk) == complete(volume, 3)
            assert beginnings(volume, disk, 4) == ["data"] * 3
    await_given_back(volume, before)
    assert ready(command, disk, 70, preallocation)
    assert ready("remove", disk)


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
@pytest.mark.parametrize("command", ["create", "grow"])
def test_free_space_that_no_single_brick_has_is_an_error_and_all_is_given_back(
    client: Client,
    volume: Volume,
    spread: Volume,
    driver: Driver,
    disk: str,
    command: str,
    preallocation: str,
) -> None:
    driver("mount", spread.source)
    empty_folder(client)
    if command == "grow":
        driver("create", disk, 3, "falloc")
    before = free_bytes(spread)
    with little_space(spread.bricks, 60 * MIB):
        little = free_bytes(spread)
        assert free_mib(client) > 100
        assert code_of(driver, command, disk, 100, preallocation) == "ENOSPC"
        await_given_back(spread, little)
        assert sizes(spread, disk) == ([] if command == "create" else [(3 * MIB, 0o600)])
    await_given_back(spread, before)
    assert driver("exists", disk) == (command == "grow")
    assert driver("remove", disk) == (command == "grow")


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
def test_what_a_killed_preallocation_took_is_free_for_who_repeats_it(
    client: Client, volume: Volume, ready: Driver, disk: str, preallocation: str
) -> None:
    with little_space(volume.bricks, 80 * MIB):
        before = free_bytes(volume)
        mib = free_mib(client) - 5
        killed_at(client, volume, SyscallPoint("fchmod", 1), f"create {disk} {mib} {preallocation}")
        assert free_mib(client) < 10
        assert code_of(ready, "exists", disk) == "UNFINISHED_IMAGE"
        assert ready("create", disk, mib, preallocation) == steps(mib)
        assert sizes(volume, disk) == complete(volume, mib)
        assert ready("remove", disk)
        await_given_back(volume, before)


def test_what_bricks_keep_of_a_chunk_that_did_not_fit_is_free_for_who_repeats_a_killed_creation(
    client: Client, volume: Volume, spread: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", spread.source)
    empty_folder(client)
    with little_space(spread.bricks, 60 * MIB):
        little = free_bytes(spread)
        # The first call after the one that failed.
        killed_at(client, spread, SyscallPoint("fchmod", 1), f"create {disk} 100 falloc")
        assert max(taken_bytes(spread, little)) > 50 * MIB
        assert driver("create", disk, 50, "falloc") == steps(50)
        # A client that finds a brick full from the start leaves a link there to the brick that it took.
        link = (0, stat.S_ISVTX)
        assert [item for item in sizes(spread, disk) if item != link] == [(50 * MIB, 0o600)]
        assert driver("remove", disk)
        await_given_back(spread, little)


@pytest.mark.parametrize("preallocation", PREALLOCATIONS)
def test_one_full_brick_of_three_is_reason_enough_to_refuse(
    volume: Volume, ready: Driver, disk: str, preallocation: str
) -> None:
    before = free_bytes(volume)
    with full_brick(volume.bricks[1]):
        assert code_of(ready, "create", disk, 5, preallocation) == "ENOSPC"
        assert disks_on_bricks(volume) == []
    await_given_back(volume, before)
    assert ready("create", disk, 5, preallocation)
    assert sizes(volume, disk) == complete(volume, 5)
    assert ready("remove", disk)
