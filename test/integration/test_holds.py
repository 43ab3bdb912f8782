# SPDX-License-Identifier: BSD-2-Clause
"""Holds keep the mount of a disk that this node may be using, and nothing else keeps one."""

import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError
from testbed import Client, Volume, await_condition

LINKS = "/run/ganeti/instance-disks"
STATE = "/run/ganeti-gluster"


@pytest.fixture
def disk(client: Client, volume: Volume, drivers: Callable[..., Driver]) -> Iterator[str]:
    """An image on the volume while the test lasts; nothing is mounted at its beginning."""
    disk = f"ganeti/{uuid.uuid4()}.0"
    with_disk = drivers()
    with_disk("mount", volume.source)
    with_disk("create", disk, 1)
    assert with_disk("release") == "released"
    yield disk
    with_disk("mount", volume.source)
    assert with_disk("remove", disk)
    with_disk("drop-hold", disk)


@contextmanager
def file_open(client: Client, disk: str) -> Iterator[int]:
    """A process that has the image open; its pid inside the machine."""
    argv = ["sh", "-c", f"exec 3<{REAL_DIR}/{disk} && echo open && exec sleep infinity"]
    with process(client, argv) as pid:
        yield pid


@contextmanager
def path_in_command_line(client: Client, disk: str) -> Iterator[int]:
    """A process like a hypervisor that was told the path but has no file open."""
    argument = f"file={STORAGE_DIR}/{disk},format=raw,if=none"
    with process(client, ["sh", "-c", "echo run; read line", "sh", argument]) as pid:
        yield pid


@contextmanager
def process(client: Client, argv: list[str]) -> Iterator[int]:
    command = client.popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert command.stdout is not None
        assert command.stdout.readline()
        yield command.process.namespace_pids[-1]
    finally:
        command.end()


@contextmanager
def linked(client: Client, disk: str) -> Iterator[None]:
    """The link that Ganeti makes to the disk of a started instance."""
    client.run(["mkdir", "-p", LINKS])
    client.run(["ln", "-s", f"{STORAGE_DIR}/{disk}", f"{LINKS}/instance1:0"])
    try:
        yield
    finally:
        client.run(["rm", "-r", LINKS])


def mounted(client: Client) -> bool:
    return bool(client.fuse_mounts())


def test_without_a_hold_the_release_unmounts(
    client: Client, volume: Volume, driver: Driver
) -> None:
    driver("mount", volume.source)
    assert driver("holds") == {}
    assert driver("release") == "released"
    assert not mounted(client)
    await_condition(lambda: not client.fuse_clients(), "its client ends")


def test_a_hold_keeps_the_mount_until_any_process_drops_it(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    writer, other = drivers(), drivers()
    writer("mount", volume.source)
    writer("hold", disk)
    assert writer("release") == "held"
    writer.end()
    other("mount", volume.source)
    assert other("release") == "held"
    assert mounted(client)
    assert other("drop-hold", disk)
    assert mounted(client)  # dropping is not releasing
    other("mount", volume.source)
    assert other("release") == "released"
    assert not mounted(client)


def test_of_two_holds_the_last_one_counts(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    second = f"{disk[:-1]}1"
    driver("mount", volume.source)
    driver("hold", disk)
    driver("hold", second)
    assert set(driver("holds")) == {disk, second}
    driver("drop-hold", disk)
    assert driver("release") == "held"
    driver("drop-hold", second)
    assert driver("unmount") == "released"


def test_a_lease_keeps_the_mount_while_others_release_theirs(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    first, second = drivers(), drivers()
    first("mount", volume.source)
    second("mount", volume.source)
    assert second("release") == "busy"
    assert second("unmount") == "busy"
    assert first("check")
    assert first("release") == "released"


def test_a_hold_survives_the_death_of_its_writer(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    writer, other = drivers(), drivers()
    writer("mount", volume.source)
    writer("hold", disk)
    writer.command.send_signal(signal.SIGKILL)
    writer.command.wait()
    assert mounted(client)
    assert other("unmount") == "held"
    assert other("holds")[disk]["reason"] == "assembled"
    assert other("holds")[disk]["volume"] == volume.source
    assert other("drop-hold", disk)
    assert other("unmount") == "released"


def test_a_hold_is_stale_unless_a_link_a_process_or_a_command_line_supports_it(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("hold", disk)
    driver("release")

    def support() -> tuple[bool, list[str], list[int]]:
        hold = driver("holds")[disk]
        return hold["stale"], hold["links"], hold["processes"]

    assert support() == (True, [], [])
    with linked(client, disk):
        assert support() == (False, ["instance1:0"], [])
    with file_open(client, disk) as pid:
        assert support() == (False, [], [pid])
    with path_in_command_line(client, disk) as pid:
        assert support() == (False, [], [pid])
    with linked(client, f"{disk}1"), path_in_command_line(client, f"{disk}1"):
        assert support() == (True, [], [])  # of another disk, whose name begins alike


@pytest.mark.parametrize("evidence", [file_open, path_in_command_line, linked])
def test_holds_of_disks_in_use_are_rebuilt_after_the_state_was_removed(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    disk: str,
    evidence: Callable[[Client, str], AbstractContextManager[object]],
) -> None:
    writer, other = drivers(), drivers()
    writer("mount", volume.source)
    writer("hold", disk)
    assert writer("release") == "held"
    with evidence(client, disk):
        client.run(["rm", "-r", STATE])
        before = client.fuse_clients()
        other("mount", volume.source)
        assert client.fuse_clients() == before
        assert other("holds")[disk]["reason"] == "found"
        assert other("release") == "held"
    assert mounted(client)
    assert other("drop-hold", disk)
    assert other("unmount") == "released"


def test_a_lease_from_before_the_state_was_removed_does_not_unmount_what_others_hold(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    early, late = drivers(), drivers()
    early("mount", volume.source)
    client.run(["rm", "-r", STATE])
    late("mount", volume.source)
    late("hold", disk)
    assert late("release") == "held"
    # It cannot write where nobody would read it, and says so.
    with pytest.raises(LibraryError):
        early("hold", disk)
    assert early("release") != "released"
    assert mounted(client)
    early("mount", volume.source)
    assert early("hold", disk)
    assert early("drop-hold", disk)
    assert early("release") == "released"


def test_adopting_a_mount_made_by_hand_writes_the_holds_of_disks_in_use(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    client.mount(volume.source, REAL_DIR)
    with file_open(client, disk) as pid:
        driver("mount", volume.source)
        hold = driver("holds")[disk]
        assert (hold["reason"], hold["processes"]) == ("found", [pid])
    assert driver("release") == "held"
    assert driver("drop-hold", disk)
    assert driver("unmount") == "released"


def test_rebuilding_names_what_it_found_and_leaves_what_is_held(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    assert driver("rebuild-holds") == []
    driver("mount", volume.source)
    second = f"{disk[:-1]}1"
    driver("hold", second)
    with file_open(client, disk), path_in_command_line(client, second):
        assert driver("rebuild-holds") == [disk]
        assert driver("rebuild-holds") == []
        reasons = {name: hold["reason"] for name, hold in driver("holds").items()}
        assert reasons == {disk: "found", second: "assembled"}
    for name in reasons:
        driver("drop-hold", name)


def test_a_hold_moves_with_its_disk(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    new = f"{disk[:-1]}7"
    assert driver("move-hold", disk, new)  # there is none, which is legal
    assert driver("holds") == {}
    driver("mount", volume.source)
    driver("hold", disk)
    before = driver("holds")[disk]
    driver("move-hold", disk, new)
    assert driver("holds") == {new: before}
    driver("move-hold", disk, new)
    assert driver("holds") == {new: before}
    assert driver("release") == "held"
    assert not driver("drop-hold", disk)
    assert driver("drop-hold", new)
    assert driver("unmount") == "released"


def test_holds_are_dropped_moved_and_listed_in_any_order_without_any_mount(
    client: Client, driver: Driver
) -> None:
    disk = f"ganeti/{uuid.uuid4()}.0"
    for _ in range(2):
        assert not driver("drop-hold", disk)
        assert driver("move-hold", disk, f"{disk}1")
        assert driver("holds") == {}
        assert driver("unmount") == "not mounted"
    client.run(["rm", "-rf", STATE])
    assert not driver("drop-hold", disk)
