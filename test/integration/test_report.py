# SPDX-License-Identifier: BSD-2-Clause
"""What a node reports of the volume of its storage dir: which volume, its own sizes, or why not."""

import os
from collections.abc import Callable, Iterator

import pytest
from conftest import STATE_DIR
from driver import REAL_DIR, Driver, LibraryError, await_error
from identity import by_hand, leave_idle_mount, mounted, rows
from images import code_of
from storage_disk import Disk
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import (
    bricks_down,
    kill_fuse_client,
    request_in_flight,
    stopped,
    without_quorum,
)

SETTINGS = "/etc/ganeti/gluster.toml"
KEPT_DIR = "/var/lib/ganeti-gluster"
USED = f"{KEPT_DIR}/used--var-run-ganeti-gluster"


def configure(client: Client, volume: Volume) -> None:
    client.write_file(SETTINGS, f'default_volume = "{volume.source}"\n')


def reboot(client: Client) -> None:
    """Nothing is left of what a node knows of this boot, nor of the storage dir and its parent."""
    client.run(["rm", "-rf", STATE_DIR, "/run/ganeti"])


@pytest.fixture(scope="module")
def size_bytes(cluster: Cluster, volume: Volume) -> int:
    """The volume's size as statvfs(3) has it, on a mount of our own."""
    mount = "/mnt/measured"
    cluster.client.mount(volume.source, mount)
    status = os.statvfs(cluster.client.path(mount))
    cluster.client.unmount(mount)
    cluster.client.run(["rmdir", mount])
    return status.f_blocks * status.f_frsize


@pytest.fixture
def elsewhere_bytes(client: Client) -> int:
    """The size of the file system that lies below the storage dir."""
    status = os.statvfs(client.path("/run"))
    return status.f_blocks * status.f_frsize


def test_an_unmounted_volume_is_mounted_measured_and_given_back(
    client: Client, volume: Volume, drivers: Callable[..., Driver], size_bytes: int,
    elsewhere_bytes: int,
) -> None:
    configure(client, volume)
    report = drivers()("report")
    assert report["volume"] == volume.source
    assert report["size_bytes"] == size_bytes != elsewhere_bytes
    assert 0 < report["used_bytes"] < size_bytes
    assert 0 < report["free_bytes"] <= size_bytes - report["used_bytes"]
    assert client.fuse_mounts() == []
    await_condition(lambda: not client.fuse_clients(), "its client ends")


def test_the_volume_that_the_node_has_used_is_known_after_a_boot(
    client: Client, volume: Volume, drivers: Callable[..., Driver], size_bytes: int
) -> None:
    driver = drivers()
    assert driver("used-volumes") == []
    driver("mount", volume.source)
    driver("release")
    reboot(client)
    driver = drivers()
    assert driver("used-volumes") == [volume.source]
    assert driver("mounted-volume") is None
    assert client.fuse_mounts() == []
    report = driver("report")
    assert (report["volume"], report["size_bytes"]) == (volume.source, size_bytes)
    assert client.fuse_mounts() == []


def test_a_lease_on_a_mounted_volume_writes_nothing_down(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    driver = drivers()
    driver("mount", volume.source)
    client.path(USED).unlink()
    other = drivers()
    other("mount", volume.source)
    other("check")
    assert not client.path(USED).exists()
    other("release")
    driver("release")
    driver("mount", volume.source)
    assert client.path(USED).read_text() == f"{volume.source}\n"


def test_another_server_of_the_same_volume_takes_the_place_of_the_old_one(
    cluster: Cluster, client: Client, volume: Volume, driver: Driver
) -> None:
    sources = [f"{node.name}:/gv0" for node in cluster.nodes]
    for source in sources:
        driver("mount", source)
        assert driver("used-volumes") == [source]
        driver("release")
    driver("mount", sources[0])
    alias = "node2-v4:/gv0"  # known by its address alone, while the mount stays as it is
    driver("mount", alias)
    assert driver("used-volumes") == [alias]


def test_a_mount_does_not_fail_where_nothing_can_be_written_down(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    client.run(["mount", "-t", "tmpfs", "-o", "ro", "nothing", KEPT_DIR])
    try:
        driver = drivers()
        driver("mount", volume.source)
        assert any(f"cannot remember that {volume.source} was used" in line for line in driver.log)
        assert driver("used-volumes") == []
        assert driver("report")["volume"] == volume.source
        driver("release")
    finally:
        client.run(["umount", KEPT_DIR])


def test_the_volume_of_the_verified_mount_counts_before_the_configured_one(
    client: Client, volume: Volume, other_volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    configure(client, volume)
    driver = drivers()
    storage = Disk(driver, other_volume, disk)
    storage("create", 1)
    storage("assemble")
    storage.drop()
    before = rows(client)
    try:
        assert driver("mounted-volume") == other_volume.source
        assert driver("report")["volume"] == other_volume.source
        assert rows(client) == before
    finally:
        Disk(driver, other_volume, disk)("remove")
    assert driver("report")["volume"] == volume.source


def test_without_a_volume_and_with_two_the_report_says_what_to_set(
    client: Client, volume: Volume, other_volume: Volume, drivers: Callable[..., Driver]
) -> None:
    driver = drivers()
    assert code_of(driver, "report") == "INVALID_SETTINGS"
    for used in (volume, other_volume):
        driver("mount", used.source)
        driver("release")
    with pytest.raises(LibraryError, match="default_volume") as error:
        driver("report")
    assert volume.source in str(error.value) and other_volume.source in str(error.value)
    assert client.fuse_mounts() == []
    configure(client, volume)
    assert drivers()("report")["volume"] == volume.source


def test_another_file_system_on_the_storage_dir_is_never_measured(
    client: Client, volume: Volume, other_volume: Volume, drivers: Callable[..., Driver],
    size_bytes: int,
) -> None:
    configure(client, volume)
    driver = drivers()
    with mounted(client, "-t", "tmpfs", "nothing"):
        assert driver("mounted-volume") is None
        assert code_of(driver, "report") == "WRONG_VOLUME"
    with by_hand(client, other_volume.source):
        assert driver("mounted-volume") is None
        assert code_of(driver, "report") == "WRONG_VOLUME"
    client.mount(volume.source, REAL_DIR)
    assert driver("report")["size_bytes"] == size_bytes


def test_a_dead_mount_is_replaced_and_then_measured(
    client: Client, volume: Volume, drivers: Callable[..., Driver], size_bytes: int
) -> None:
    leave_idle_mount(drivers, volume.source)
    kill_fuse_client(client, REAL_DIR)
    driver = drivers()
    assert driver("mounted-volume") is None
    report = driver("report")
    assert (report["volume"], report["size_bytes"]) == (volume.source, size_bytes)


@pytest.fixture
def held(client: Client, volume: Volume, drivers: Callable[..., Driver]) -> Iterator[Driver]:
    """A driver that has the volume mounted, with deadlines that are soon over."""
    client.write_file(SETTINGS, '[all]\nprobe_timeout = "1s"\n')
    driver = drivers()
    driver("mount", volume.source)
    yield driver
    client.await_answer(REAL_DIR)
    driver("release")


def test_a_hung_mount_is_an_error_that_says_so(
    client: Client, held: Driver, drivers: Callable[..., Driver]
) -> None:
    with stopped(client.fuse_client(REAL_DIR)), request_in_flight(client, REAL_DIR):
        await_error(held, "check")
        assert code_of(drivers(), "report") == "MOUNT_HUNG"


def test_a_volume_without_quorum_is_an_error_that_says_so(
    client: Client, volume: Volume, held: Driver, drivers: Callable[..., Driver]
) -> None:
    with without_quorum(volume):
        await_error(held, "check")
        assert code_of(drivers(), "report") == "UNREACHABLE"


def test_one_lost_brick_of_three_changes_nothing(
    client: Client, volume: Volume, drivers: Callable[..., Driver], size_bytes: int
) -> None:
    configure(client, volume)
    with bricks_down(volume, volume.bricks[:1]):
        assert drivers()("report")["size_bytes"] == size_bytes
