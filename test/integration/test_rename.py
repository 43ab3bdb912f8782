# SPDX-License-Identifier: BSD-2-Clause
"""Renames killed at any of their system calls, repeated and in a race: the data is never lost."""

from collections.abc import Callable

import pytest
from driver import REAL_DIR, Driver
from images import (
    answer_of,
    at_once,
    beginnings,
    code_of,
    complete,
    disks_on_bricks,
    held_after,
    killed_at,
    killed_runs,
    labels,
    new_disk,
    on_bricks,
    put,
    sizes,
)
from testbed import Client, Volume
from testbed.faults import SyscallPoint

Drivers = Callable[..., Driver]


@pytest.fixture
def mounted(client: Client, volume: Volume, driver: Driver) -> Driver:
    """A driver that has the volume mounted, without any disk on it."""
    driver("mount", volume.source)
    client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
    return driver


def create(client: Client, driver: Driver, text: str, mib: int = 2) -> str:
    """A new disk that begins with this text."""
    disk = new_disk()
    driver("create", disk, mib)
    put(client, disk, text)
    return disk


def assert_is_only_name(volume: Volume, disk: str, text: str) -> None:
    """The whole volume has one disk, with this text, under one name."""
    assert disks_on_bricks(volume) == [disk]
    assert sizes(volume, disk) == complete(volume, 2)
    assert beginnings(volume, disk, len(text)) == [text] * 3
    # The second link of a brick's file is Gluster's own.
    assert [status.st_nlink for status in on_bricks(volume, disk)] == [2] * 3


def test_a_rename_killed_at_any_system_call_is_completed_by_repeating_it(
    client: Client, volume: Volume, mounted: Driver
) -> None:
    old = new = ""

    def prepare() -> str:
        client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
        nonlocal old, new
        old, new = create(client, mounted, "data"), new_disk()
        return f"move {old} {new}"

    names_seen = []
    killed_at = []
    for point, moved in killed_runs(client, volume, prepare):
        killed_at.append(point.name)
        names = disks_on_bricks(volume)
        names_seen.append(len(names))
        assert set(names) <= {old, new} and names, str(point)
        for name in names:
            assert beginnings(volume, name, 4) == ["data"] * 3
            assert mounted("size", name) == 2 << 20
        if names == [new]:
            assert code_of(mounted, "move", old, new) == "ENOENT"
        else:
            assert not moved, f"renamed, but {old} is there: {point}"
            assert mounted("move", old, new)
            assert [label["disk"] for label in labels(volume, new)] == [new] * 3, str(point)
        assert_is_only_name(volume, new, "data")
    assert {"linkat", "unlinkat", "fsync", "fsetxattr"} <= set(killed_at)
    assert set(names_seen) == {1, 2}


def test_a_rename_onto_any_image_is_refused_and_harms_neither(
    client: Client, volume: Volume, mounted: Driver
) -> None:
    old, other = create(client, mounted, "first"), create(client, mounted, "other", 3)
    unfinished = new_disk()
    killed_at(client, volume, SyscallPoint("fchmod", 1), f"create {unfinished} 4")
    before = disks_on_bricks(volume)
    for taken in (other, unfinished):
        assert code_of(mounted, "move", old, taken) == "EEXIST"
    assert disks_on_bricks(volume) == before == sorted([old, other, unfinished])
    assert sizes(volume, old) == complete(volume, 2)
    assert sizes(volume, other) == complete(volume, 3)
    assert sizes(volume, unfinished) == [(4 << 20, 0o200)] * 3
    assert beginnings(volume, old, 5) == ["first"] * 3
    assert beginnings(volume, other, 5) == ["other"] * 3
    assert [label["disk"] for label in labels(volume, old)] == [old] * 3
    for disk in before:
        assert mounted("remove", disk)


@pytest.mark.parametrize(
    "argv",
    [["mkdir"], ["mkfifo"], ["ln", "-s", "nowhere"]],
    ids=["a_folder", "a_fifo", "a_dangling_symlink"],
)
def test_a_rename_onto_what_is_no_image_is_refused(
    client: Client, volume: Volume, mounted: Driver, argv: list[str]
) -> None:
    old, new = create(client, mounted, "data"), new_disk()
    client.run([*argv, f"{REAL_DIR}/{new}"])
    before = client.run(["stat", "-c", "%i %F %Z", f"{REAL_DIR}/{new}"]).stdout
    assert code_of(mounted, "move", old, new) == "EEXIST"
    assert client.run(["stat", "-c", "%i %F %Z", f"{REAL_DIR}/{new}"]).stdout == before
    client.run(["rm", "-rf", f"{REAL_DIR}/{new}"])
    assert_is_only_name(volume, old, "data")
    assert mounted("remove", old)


def test_of_two_renames_to_one_name_exactly_one_succeeds(
    client: Client, volume: Volume, drivers: Drivers, mounted: Driver
) -> None:
    second = drivers()
    second("mount", volume.source)
    for _ in range(10):
        disks, new = [create(client, mounted, text) for text in ("0", "1")], new_disk()
        movers = zip((mounted, second), disks, strict=True)
        results = at_once([(driver, f"move {disk} {new}") for driver, disk in movers])
        assert sorted(results) == ["EEXIST", "ok"]
        winner = results.index("ok")
        assert disks_on_bricks(volume) == sorted([new, disks[1 - winner]])
        assert beginnings(volume, new, 1) == [str(winner)] * 3
        assert beginnings(volume, disks[1 - winner], 1) == [str(1 - winner)] * 3
        for disk in disks_on_bricks(volume):
            assert mounted("remove", disk)


@pytest.mark.parametrize("target", ["the_same_name", "another_name"])
@pytest.mark.parametrize("call", ["linkat", "unlinkat"])
def test_a_disk_that_two_rename_ends_with_one_name(
    client: Client, volume: Volume, drivers: Drivers, mounted: Driver, call: str, target: str
) -> None:
    second = drivers()
    second("mount", volume.source)
    old, new = create(client, mounted, "data"), new_disk()
    other = new if target == "the_same_name" else new_disk()
    with held_after(client, mounted, SyscallPoint(call, 1), f"move {old} {new}"):
        second.send("move", old, other)
        results = [answer_of(second)]
    results.append(answer_of(mounted))
    [name] = disks_on_bricks(volume)
    assert_is_only_name(volume, name, "data")
    if target == "the_same_name":
        assert "ok" in results and set(results) <= {"ok", "ENOENT"}
    else:
        assert results == (["ok", "ENOENT"] if name == other else ["ENOENT", "ok"])
    assert mounted("remove", name)


def test_a_link_that_somebody_left_under_the_new_name_counts_as_the_first_step(
    client: Client, volume: Volume, mounted: Driver
) -> None:
    old, new = create(client, mounted, "data"), new_disk()
    client.run(["ln", f"{REAL_DIR}/{old}", f"{REAL_DIR}/{new}"])
    assert mounted("move", old, new)
    assert_is_only_name(volume, new, "data")
    assert mounted("remove", new)


def test_a_rename_leaves_other_names_of_the_image_alone(
    client: Client, volume: Volume, mounted: Driver
) -> None:
    old, third, new = create(client, mounted, "data"), new_disk(), new_disk()
    client.run(["ln", f"{REAL_DIR}/{old}", f"{REAL_DIR}/{third}"])
    assert mounted("move", old, new)
    assert disks_on_bricks(volume) == sorted([new, third])
    assert mounted("remove", new)
    assert_is_only_name(volume, third, "data")
    assert mounted("remove", third)


def test_a_rename_to_its_own_name_changes_nothing(
    client: Client, volume: Volume, mounted: Driver
) -> None:
    disk = create(client, mounted, "data")
    assert mounted("move", disk, disk)
    assert_is_only_name(volume, disk, "data")
    assert mounted("remove", disk)
