# SPDX-License-Identifier: BSD-2-Clause
"""Growing, killed at any system call, repeated and in a race: never smaller, no byte harmed."""

from collections.abc import Callable, Iterator

import pytest
from driver import REAL_DIR, Driver
from images import (
    MIB,
    answer_of,
    at_once,
    beginnings,
    complete,
    disks_on_bricks,
    held_after,
    killed_runs,
    labels,
    new_disk,
    on_bricks,
    put,
    second_client,
    sizes,
)
from testbed import Client, Cluster, Leftovers, Volume
from testbed.faults import SyscallPoint

OLD = 2
# By how much: more than the 64 MiB that are reserved at a time, more than the 1 MiB written at one.
AMOUNTS = {"off": 3, "falloc": 65, "full": 2}


@pytest.mark.parametrize("preallocation", ["off", "falloc", "full"])
def test_growing_killed_at_any_system_call_shrinks_nothing_and_is_repeated_with_success(
    client: Client, volume: Volume, driver: Driver, preallocation: str
) -> None:
    amount = AMOUNTS[preallocation]
    driver("mount", volume.source)
    disk = ""

    def prepare() -> str:
        client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
        nonlocal disk
        disk = new_disk()
        driver("create", disk, OLD)
        put(client, disk, "data")
        return f"grow {disk} {amount} {preallocation}"

    killed_at = []
    for point, grown in killed_runs(client, volume, prepare):
        killed_at.append(point.name)
        [(size, mode)] = set(sizes(volume, disk))
        assert mode == 0o600, str(point)
        least = (OLD + amount) * MIB if grown else OLD * MIB
        assert least <= size <= (OLD + amount) * MIB, str(point)
        assert driver("size", disk) == size
        assert driver("grow", disk, amount, preallocation)
        assert sizes(volume, disk) == complete(volume, size // MIB + amount), str(point)
        taken = [status.st_blocks * 512 >= amount * MIB for status in on_bricks(volume, disk)]
        assert taken == [preallocation != "off"] * 3, str(point)
        assert beginnings(volume, disk, 4) == ["data"] * 3, str(point)
        assert [label["size_mib"] for label in labels(volume, disk)] == [
            str(size // MIB + amount)
        ] * 3
        assert disks_on_bricks(volume) == [disk], str(point)
    taking = {"off": set(), "falloc": {"fallocate"}, "full": {"pwrite64"}}[preallocation]
    assert {"fcntl", "ftruncate", "fsync", "fsetxattr"} | taking <= set(killed_at)
    assert driver("remove", disk)


@pytest.fixture
def far_driver(client: Client, volume: Volume, cluster: Cluster) -> Iterator[Driver]:
    """A driver on another client machine that has the volume mounted."""
    far = second_client(cluster)
    with Driver(far) as driver:
        driver("mount", volume.source)
        yield driver
    assert far.clean_up() == Leftovers()


def test_growing_counts_what_another_node_added_a_moment_ago(
    client: Client, volume: Volume, driver: Driver, far_driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, OLD)
    for number in range(1, 11):
        assert driver("size", disk) > 0  # what its client knows now is old a moment later
        assert far_driver("grow", disk, 4)
        assert driver("grow", disk, 1)
        assert sizes(volume, disk) == complete(volume, OLD + 5 * number)
    assert driver("remove", disk)


def test_all_who_grow_at_once_add_their_amount(
    client: Client, volume: Volume, drivers: Callable[..., Driver], far_driver: Driver, disk: str
) -> None:
    growers = [far_driver, *(drivers() for _ in range(3))]
    for grower in growers[1:]:
        grower("mount", volume.source)
    growers[0]("create", disk, OLD)
    amounts = [1, 2, 4, 8]
    commands = [f"grow {disk} {amount}" for amount in amounts]
    for number in range(1, 6):
        assert at_once(list(zip(growers, commands, strict=True))) == ["ok"] * 4
        assert sizes(volume, disk) == complete(volume, OLD + sum(amounts) * number)
    assert growers[0]("remove", disk)


@pytest.mark.parametrize(
    "point, result, size",
    [
        (SyscallPoint("statx", 1), "ok", OLD + 5),
        (SyscallPoint("openat2", 2), "ok", OLD + 5),
        (SyscallPoint("fcntl", 1), "EBUSY", OLD + 1),
        (SyscallPoint("ftruncate", 1), "EBUSY", OLD + 1),
        (SyscallPoint("fsync", 2), "EBUSY", OLD + 1),
    ],
    ids=str,
)
def test_who_grows_while_another_does_is_not_undone_and_from_its_lock_on_refused(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    disk: str,
    point: SyscallPoint,
    result: str,
    size: int,
) -> None:
    first, second = drivers(), drivers()
    for driver in (first, second):
        driver("mount", volume.source)
    first("create", disk, OLD)
    with held_after(client, first, point, f"grow {disk} 1"):
        second.send("grow", disk, 4)
        assert answer_of(second) == result
    assert answer_of(first) == "ok"
    assert sizes(volume, disk) == complete(volume, size)
    assert second("grow", disk, 4)
    assert sizes(volume, disk) == complete(volume, size + 4)
    assert second("remove", disk)
