# SPDX-License-Identifier: BSD-2-Clause
"""The FUSE client is gone: nobody works on the bare directory, the next request mounts afresh."""

import subprocess
from collections.abc import Callable

import pytest
from driver import REAL_DIR, Driver, LibraryError, creation_held_after
from testbed import Client, Process, Volume, await_condition
from testbed.faults import kill_fuse_client, stopped

DETACHED = "detached the dead mount"
MIB = 1 << 20


def the_client(client: Client) -> Process:
    """The client of the one mount on the storage dir."""
    assert len([row for row in client.mounts() if row.target == REAL_DIR]) == 1
    assert len(client.fuse_clients()) == 1
    return client.fuse_client(REAL_DIR)


def files_outside(client: Client) -> list[str]:
    """What lies in the directory below the mount point, whatever is mounted on it."""
    look_below = "mount --bind /run /mnt && find /mnt/ganeti/gluster -mindepth 1"
    return client.run(["unshare", "--mount", "sh", "-c", look_below]).stdout.split()


def mounts_afresh(client: Client, driver: Driver, volume: Volume, old: Process) -> None:
    """The driver's next request replaces the dead mount by one that works, and says so."""
    driver("mount", volume.source)
    assert any(DETACHED in line for line in driver.log)
    assert the_client(client) != old
    assert driver("check")
    assert files_outside(client) == []


def test_a_mount_that_died_before_the_request_is_replaced(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    drivers()("mount", volume.source)
    old = kill_fuse_client(client, REAL_DIR)
    mounts_afresh(client, drivers(), volume, old)


@pytest.mark.parametrize("operation", ["check", "exists", "size", "create", "grow", "remove"])
def test_a_mount_that_dies_after_the_lease_was_given_fails_the_operation(
    client: Client, volume: Volume, driver: Driver, disk: str, operation: str
) -> None:
    driver("mount", volume.source)
    if operation != "create":
        driver("create", disk, 1)
    old = kill_fuse_client(client, REAL_DIR)
    with pytest.raises(LibraryError) as error:
        driver(operation, disk, 1)
    assert error.value.code in ("MOUNT_LOST", "MOUNT_DEAD")
    assert files_outside(client) == []
    mounts_afresh(client, driver, volume, old)
    assert driver("exists", disk) == (operation != "create")


def test_a_mount_that_dies_while_its_client_has_the_request_fails_the_operation(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    old = the_client(client)
    with stopped(client.fuse_client(REAL_DIR)):
        driver.send("create", disk, 1)
        await_condition(lambda: "fuse" in driver.command.process.kernel_stack, "the create waits")
        kill_fuse_client(client, REAL_DIR)
        with pytest.raises(LibraryError) as error:
            driver.answer()
    assert error.value.code == "MOUNT_LOST"
    mounts_afresh(client, driver, volume, old)
    assert not driver("exists", disk)


@pytest.mark.parametrize("call", ["fcntl", "ftruncate", "fchmod"])
def test_a_mount_that_dies_within_a_creation_leaves_a_whole_image_or_none_that_can_be_used(
    client: Client, volume: Volume, driver: Driver, disk: str, call: str
) -> None:
    driver("mount", volume.source)
    old = the_client(client)
    with creation_held_after(call, client, driver, disk):
        kill_fuse_client(client, REAL_DIR)
    with pytest.raises(LibraryError) as error:
        driver.answer()
    assert error.value.code == "MOUNT_LOST"
    mounts_afresh(client, driver, volume, old)
    if call == "fchmod":  # the call that completes the image
        assert driver("size", disk) == MIB
    else:
        with pytest.raises(LibraryError) as unfinished:
            driver("exists", disk)
        assert unfinished.value.code == "UNFINISHED_IMAGE"
        assert driver("create", disk, 1)
    assert driver("remove", disk)


def test_an_image_outlives_the_client_that_created_it(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 1)
    old = kill_fuse_client(client, REAL_DIR)
    mounts_afresh(client, driver, volume, old)
    assert driver("size", disk) == MIB
    assert driver("remove", disk)


def test_a_dead_mount_is_replaced_even_if_another_process_has_a_file_open(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 1)
    old = the_client(client)
    reader = client.popen(["tail", "--follow", f"{REAL_DIR}/{disk}"], stdout=subprocess.PIPE)
    try:
        assert reader.stdout is not None
        assert reader.stdout.read(1) == "\0"  # it has the file open, or it could not have read
        kill_fuse_client(client, REAL_DIR)
        mounts_afresh(client, driver, volume, old)
        assert reader.poll() is None
    finally:
        reader.end()
    assert driver("remove", disk)


def test_a_dead_mount_that_an_admin_had_made_by_hand_is_replaced(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.mount(volume.source, REAL_DIR)
    old = kill_fuse_client(client, REAL_DIR)
    mounts_afresh(client, driver, volume, old)


def test_a_dead_mount_is_replaced_ten_times_in_a_row(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 1)
    for _ in range(10):
        old = kill_fuse_client(client, REAL_DIR)
        mounts_afresh(client, driver, volume, old)
        assert driver("size", disk) == MIB
    assert driver("remove", disk)


def test_status_names_a_dead_mount_and_changes_nothing(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    driver = drivers()
    driver("mount", volume.source)
    old = the_client(client)
    rows = client.mounts()
    kill_fuse_client(client, REAL_DIR)
    assert drivers()("state") == "dead"
    assert client.mounts() == rows
    mounts_afresh(client, driver, volume, old)
