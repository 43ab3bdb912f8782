# SPDX-License-Identifier: BSD-2-Clause
"""Several creators of one image, on one node and on two: exactly one ever succeeds."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from driver import Driver
from images import (
    answer_of,
    at_once,
    beginnings,
    code_of,
    complete,
    disks_on_bricks,
    empty_folder,
    held_after,
    killed_at,
    new_disk,
    put,
    second_client,
    sizes,
)
from testbed import Client, Cluster, Leftovers, Volume
from testbed.faults import SyscallPoint

Pair = tuple[Driver, Driver]


@pytest.fixture(params=["one_node", "two_nodes"])
def other_machine(
    request: pytest.FixtureRequest, client: Client, cluster: Cluster
) -> Iterator[Client]:
    """Where the second creator runs: beside the first, or on a client of its own."""
    far = second_client(cluster)
    yield client if request.param == "one_node" else far
    assert far.clean_up() == Leftovers()


@pytest.fixture
def pair(client: Client, volume: Volume, other_machine: Client) -> Iterator[Pair]:
    """Two drivers with the volume mounted and no disk on it."""
    with Driver(client) as first, Driver(other_machine) as second:
        first("mount", volume.source)
        second("mount", volume.source)
        empty_folder(client)
        yield first, second


@pytest.fixture
def leftover(client: Client, volume: Volume, pair: Pair) -> str:
    """An image whose creator was killed before the call that completes it."""
    disk = new_disk()
    killed_at(client, volume, SyscallPoint("fchmod", 1), f"create {disk} 9")
    assert sizes(volume, disk) == [(9 << 20, 0o200)] * 3
    return disk


def test_creators_that_begin_at_once_end_with_one_image_that_is_the_winner_s(
    client: Client, volume: Volume, drivers: Callable[..., Driver], pair: Pair
) -> None:
    creators = [*pair, *(drivers() for _ in range(4))]
    for creator in creators[2:]:
        creator("mount", volume.source)
    for _ in range(10):
        disk = new_disk()
        results = at_once(
            [(creator, f"create {disk} {mib}") for mib, creator in enumerate(creators, start=1)]
        )
        assert sorted(results) == ["EEXIST"] * 5 + ["ok"]
        assert sizes(volume, disk) == complete(volume, 1 + results.index("ok"))
        assert disks_on_bricks(volume) == [disk]
        assert creators[0]("remove", disk)


@pytest.mark.parametrize("call", ["fcntl", "fsetxattr", "ftruncate", "fchmod", "fsync"])
def test_a_second_creator_is_refused_from_the_first_s_lock_on(
    client: Client, volume: Volume, pair: Pair, disk: str, call: str
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint(call, 1), f"create {disk} 3"):
        assert code_of(second, "create", disk, 5) == "EEXIST"
    assert answer_of(first) == "ok"
    assert sizes(volume, disk) == complete(volume, 3)
    assert first("remove", disk)


def test_a_creator_stopped_before_its_lock_leaves_the_image_to_the_one_that_completed_it(
    client: Client,
    volume: Volume,
    other_machine: Client,
    pair: Pair,
    disk: str,
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint("openat2", 1), f"create {disk} 3"):
        assert sizes(volume, disk) == [(0, 0o200)] * 3
        assert second("create", disk, 5)
        put(other_machine, disk, "second")
    assert answer_of(first) == "EEXIST"
    assert sizes(volume, disk) == complete(volume, 5)
    assert beginnings(volume, disk, 6) == ["second"] * 3
    assert first("remove", disk)


def test_who_takes_a_slow_creator_for_a_killed_one_leaves_alone_what_that_one_completed(
    client: Client,
    volume: Volume,
    other_machine: Client,
    pair: Pair,
    disk: str,
) -> None:
    slow, second = pair
    with ExitStack() as held:
        with held_after(client, slow, SyscallPoint("openat2", 1), f"create {disk} 5"):
            # It has tried to create the image, has looked at it, and has opened it.
            opened = SyscallPoint("openat2", 3)
            held.enter_context(held_after(other_machine, second, opened, f"create {disk} 3"))
        assert answer_of(slow) == "ok"
        put(client, disk, "slow")
    assert answer_of(second) == "EEXIST"
    assert sizes(volume, disk) == complete(volume, 5)
    assert beginnings(volume, disk, 4) == ["slow"] * 3
    assert slow("remove", disk)


# The calls of who takes over: try to create, look at it, open it.
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_leftover_that_another_one_completed_meanwhile_is_not_taken_over(
    client: Client,
    volume: Volume,
    other_machine: Client,
    pair: Pair,
    leftover: str,
    occurrence: int,
) -> None:
    first, second = pair
    point = SyscallPoint("openat2", occurrence)
    with held_after(client, first, point, f"create {leftover} 3"):
        assert second("create", leftover, 5)
        put(other_machine, leftover, "second")
    assert answer_of(first) == "EEXIST"
    assert sizes(volume, leftover) == complete(volume, 5)
    assert beginnings(volume, leftover, 6) == ["second"] * 3
    assert first("remove", leftover)


@pytest.mark.parametrize("call", ["fcntl", "ftruncate"])
def test_a_creator_that_takes_a_leftover_over_is_the_only_one(
    client: Client, volume: Volume, pair: Pair, leftover: str, call: str
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint(call, 1), f"create {leftover} 3"):
        assert code_of(second, "create", leftover, 5) == "EEXIST"
    assert answer_of(first) == "ok"
    assert sizes(volume, leftover) == complete(volume, 3)
    assert first("remove", leftover)


def test_a_creation_that_fails_does_not_remove_an_image_that_took_its_place(
    client: Client,
    volume: Volume,
    other_machine: Client,
    pair: Pair,
    disk: str,
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint("fsetxattr", 1), f"create {disk} {1 << 40}"):
        assert second("remove", disk)
        assert second("create", disk, 5)
        put(other_machine, disk, "second")
    assert answer_of(first) == "EEXIST"
    assert sizes(volume, disk) == complete(volume, 5)
    assert beginnings(volume, disk, 6) == ["second"] * 3
    assert second("remove", disk)


@pytest.mark.parametrize("call", ["fsetxattr", "ftruncate", "fchmod"])
def test_a_creation_whose_image_was_removed_meanwhile_is_no_success(
    client: Client, volume: Volume, pair: Pair, disk: str, call: str
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint(call, 1), f"create {disk} 3"):
        assert second("remove", disk)
        assert second("create", disk, 5)
    assert answer_of(first) == "EEXIST"
    assert sizes(volume, disk) == complete(volume, 5)
    assert second("remove", disk)


def test_a_creator_that_was_killed_while_stopped_gives_its_lock_back(
    client: Client, volume: Volume, drivers: Callable[..., Driver], pair: Pair, disk: str
) -> None:
    first, second = pair
    with held_after(client, first, SyscallPoint("fcntl", 1), f"create {disk} 3"):
        assert code_of(second, "create", disk, 5) == "EEXIST"
        first.command.process.kill()
    assert second("create", disk, 5)
    assert sizes(volume, disk) == complete(volume, 5)
    assert second("remove", disk)
    drivers()("mount", volume.source)  # the mount that the killed one left goes with this one
