# SPDX-License-Identifier: BSD-2-Clause
"""The wanted volume is used however it came there; a mount of ours makes place if it is idle."""

from collections.abc import Callable

import pytest
from driver import REAL_DIR, Driver
from identity import DISK, leave_idle_mount, mounted, reading, refusal, rows
from testbed import Client, Volume, await_condition


@pytest.mark.parametrize(
    "server", ["node2", "node3", "node1.example.com", "198.51.100.11", "198.51.100.13", "node2-v4"]
)
def test_the_same_volume_mounted_by_hand_through_another_server_is_adopted(
    client: Client, volume: Volume, driver: Driver, server: str
) -> None:
    client.mount(f"{server}:/gv0", REAL_DIR)
    before = (rows(client), client.fuse_clients())
    driver("mount", volume.source)
    assert (rows(client), client.fuse_clients()) == before
    assert driver("check")


@pytest.mark.parametrize("server", ["node2", "node3.example.com", "198.51.100.12"])
def test_the_same_volume_asked_for_by_another_server_is_not_mounted_again(
    client: Client, volume: Volume, drivers: Callable[..., Driver], server: str
) -> None:
    first, second = drivers(), drivers()
    first("mount", volume.source)
    before = rows(client)
    second("mount", f"{server}:/gv0")
    assert rows(client) == before
    assert second("check")


def test_a_mount_that_ganetis_own_code_made_is_adopted(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.mount("198.51.100.11:gv0", REAL_DIR, "server-port=24007")
    before = (rows(client), client.fuse_clients())
    driver("mount", volume.source)
    assert (rows(client), client.fuse_clients()) == before


def test_of_two_mounts_of_the_volume_the_upper_one_is_used(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.mount(volume.source, REAL_DIR)
    client.run(["glusterfs", "--volfile-server=node1", "--volfile-id=/gv0", REAL_DIR])
    before = rows(client)
    assert len(before) == 2
    driver("mount", volume.source)
    assert driver("create", DISK, 1)
    assert driver("remove", DISK)
    assert rows(client) == before
    assert driver("release") == "released"
    assert rows(client) == before[:1]
    await_condition(lambda: len(client.fuse_clients()) == 1, "the upper one's client ends")
    client.unmount(REAL_DIR)


def test_our_volume_above_a_foreign_mount_is_used(
    client: Client, volume: Volume, driver: Driver
) -> None:
    with mounted(client, "-t", "tmpfs", "nothing"):
        client.run(["touch", f"{REAL_DIR}/file"])
        client.mount(volume.source, REAL_DIR)
        driver("mount", volume.source)
        assert driver("create", DISK, 1)
        assert driver("remove", DISK)
        assert driver("release") == "released"
        assert client.run(["ls", REAL_DIR]).stdout == "file\n"


def test_our_own_mount_that_nothing_holds_makes_place_for_another_volume(
    client: Client, volume: Volume, other_volume: Volume, drivers: Callable[..., Driver]
) -> None:
    leave_idle_mount(drivers, volume.source)
    assert [row.source for row in rows(client)] == [volume.source]
    driver = drivers()
    driver("mount", other_volume.source)
    assert [row.source for row in rows(client)] == [other_volume.source]
    assert any("gv0" in line and "gv1" in line for line in driver.log)


def test_our_own_mount_that_a_disk_holds_stays_and_the_refusal_says_all(
    client: Client, volume: Volume, other_volume: Volume, drivers: Callable[..., Driver]
) -> None:
    holder, driver = drivers(), drivers()
    holder("mount", volume.source)
    holder("hold", DISK)
    assert holder("release") == "held"
    text = refusal(client, driver, other_volume.source)
    for part in ("gv0", "gv1", DISK, "stop the instances"):
        assert part in text
    assert holder("drop-hold", DISK)
    driver("mount", other_volume.source)


@pytest.mark.parametrize("user", ["an_open_file", "a_lease"])
def test_our_own_mount_that_is_busy_stays(
    client: Client,
    volume: Volume,
    other_volume: Volume,
    drivers: Callable[..., Driver],
    user: str,
) -> None:
    first, driver = drivers(), drivers()
    first("mount", volume.source)
    first("create", DISK, 1)
    if user == "a_lease":
        text = refusal(client, driver, other_volume.source)
    else:
        with reading(client, f"{REAL_DIR}/{DISK}"):
            assert first("release") == "busy"
            text = refusal(client, driver, other_volume.source)
    assert "gv0" in text
    assert "gv1" in text
    assert "busy" in text
    first("mount", volume.source)
    assert first("remove", DISK)
