# SPDX-License-Identifier: BSD-2-Clause
"""Creations killed at any of their system calls, and repeated by one process or by two at once."""

from collections.abc import Callable

import image_store
import pytest
from driver import REAL_DIR, Driver, LibraryError
from images import (
    MIB,
    at_once,
    code_of,
    complete,
    disks_on_bricks,
    killed_runs,
    new_disk,
    on_bricks,
    sizes,
)
from testbed import Client, Volume

# Preallocation takes 64 MiB at a time if it reserves, and 1 MiB if it writes.
SIZES = {"off": 3, "falloc": 65, "full": 2}


def is_complete(driver: Driver, disk: str) -> bool:
    """Whether the disk can be used; if not, it must be absent or say that it is unfinished."""
    try:
        return driver("exists", disk)
    except LibraryError as error:
        assert error.code == "UNFINISHED_IMAGE"
        for command in ("size", "grow", "move"):
            assert code_of(driver, command, disk, new_disk()) == "UNFINISHED_IMAGE"
        return False


@pytest.mark.parametrize("creators", [1, 2])
@pytest.mark.parametrize("preallocation", ["off", "falloc", "full"])
def test_a_creation_killed_at_any_system_call_is_repeated_with_exactly_one_success(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    preallocation: str,
    creators: int,
) -> None:
    mib = SIZES[preallocation]
    retrying = [drivers() for _ in range(creators)]
    for driver in retrying:
        driver("mount", volume.source)
    disk = ""

    def prepare() -> str:
        # Without the folder of disks, so that its making is a point as well.
        client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
        nonlocal disk
        disk = new_disk()
        return f"create {disk} {mib} {preallocation}"

    killed_at = []
    committed = []
    for point, created in killed_runs(client, volume, prepare):
        killed_at.append(point.name)
        is_whole = is_complete(retrying[0], disk)
        assert is_whole or not created, f"created, but gone: {point}"
        committed += [point.name] if is_whole and not created else []
        # Each with a size of its own, which tells whose image it is.
        commands = [f"create {disk} {mib + number} {preallocation}" for number in range(creators)]
        results = at_once(list(zip(retrying, commands, strict=True)))
        successes = 0 if is_whole else 1
        assert sorted(results) == ["EEXIST"] * (creators - successes) + ["ok"] * successes
        winner = mib if is_whole else mib + results.index("ok")
        assert sizes(volume, disk) == complete(volume, winner), str(point)
        taken = [status.st_blocks * 512 >= winner * MIB for status in on_bricks(volume, disk)]
        assert taken == [preallocation != "off"] * len(volume.bricks), str(point)
        assert disks_on_bricks(volume) == [disk], str(point)
    changes = {"mkdirat", "fcntl", "fsetxattr", "ftruncate", "fchmod", "fsync"}
    taking = {"off": set(), "falloc": {"fallocate"}, "full": {"pwrite64"}}[preallocation]
    assert (changes | taking) - image_store.unseen() <= set(killed_at)
    # The commit is the last change; only to make it durable and to say so comes after it.
    assert set(committed) <= {"fsync", "statx"}
    assert retrying[0]("remove", disk)
