# SPDX-License-Identifier: BSD-2-Clause
"""How images are reached if the settings leave that open, and if they do not: the mount, libgfapi, or mounting."""

from collections.abc import Callable, Iterator

import pytest
from driver import REAL_DIR, Driver, await_error
from images import new_disk
from storage_disk import IMAGE_MIB, MIB, Disk, the_mount
from testbed import Client, Volume
from testbed.faults import kill_fuse_client, request_in_flight, stopped
from worker_program import worker_path

SETTINGS = "/etc/ganeti/gluster.toml"
ACCESSES = ("", "userspace")


@pytest.fixture(autouse=True)
def with_worker(client: Client, worker: None) -> None:
    """The program for libgfapi is there."""


@pytest.fixture
def lying(volume: Volume, drivers: Callable[..., Driver]) -> Iterator[str]:
    """A disk whose image lies on the volume, made by a process that has ended."""
    disk, maker = new_disk(), drivers()
    maker("connect", volume.source)
    maker("create", disk, IMAGE_MIB)
    maker.end()
    yield disk
    remover = drivers()
    remover("connect", volume.source)
    remover("remove", disk)
    remover.end()


@pytest.fixture
def mounted(client: Client, volume: Volume, drivers: Callable[..., Driver]) -> Iterator[Driver]:
    """A driver in another process that has the volume mounted."""
    client.write_file(SETTINGS, '[all]\nprobe_timeout = "500ms"\n')
    other = drivers()
    other("mount", volume.source)
    yield other
    other.end()
    drivers()("unmount")


def made(driver: Driver, volume: Volume, disk: str, access: str) -> Disk:
    return Disk(driver, volume, f"{disk} {access}".rstrip())


def by(driver: Driver, client: Client) -> str:
    """How a driver reaches images."""
    return "libgfapi" if driver.workers() else "mount" if client.fuse_mounts() else "nothing"


@pytest.mark.parametrize("access", ACCESSES)
def test_queries_of_a_volume_that_is_not_mounted_mount_nothing(
    client: Client, volume: Volume, driver: Driver, lying: str, access: str
) -> None:
    storage = made(driver, volume, lying, access)
    for call in ("attach", "size", "info", "label", "space", "check-grow 1", "grow 1"):
        assert storage(call) is not False
        assert (call, by(driver, client)) == (call, "libgfapi")
    assert storage("size") == (IMAGE_MIB + 1) * MIB
    storage("shutdown")
    assert (client.fuse_mounts(), driver("holds")) == ([], {})


def test_an_image_that_was_looked_at_by_libgfapi_is_opened_by_the_mount(
    client: Client, volume: Volume, driver: Driver, lying: str
) -> None:
    storage = made(driver, volume, lying, "")
    assert storage("attach") and by(driver, client) == "libgfapi"
    assert storage("open")
    the_mount(client)
    assert (storage("size"), set(driver("holds"))) == (IMAGE_MIB * MIB, {lying})
    storage("close")
    assert client.fuse_mounts() == []


@pytest.mark.parametrize("access", ACCESSES)
def test_a_mount_that_is_there_and_well_is_used_and_no_worker_is_started(
    client: Client, volume: Volume, mounted: Driver, driver: Driver, lying: str, access: str
) -> None:
    mount = the_mount(client)
    storage = made(driver, volume, lying, access)
    assert storage("attach") and storage("size") == IMAGE_MIB * MIB
    assert (driver.workers(), the_mount(client)) == ([], mount)
    storage.drop()


@pytest.mark.parametrize("access", ACCESSES)
def test_a_dead_mount_is_replaced_in_kernelspace_and_left_alone_in_userspace(
    client: Client, volume: Volume, mounted: Driver, driver: Driver, lying: str, access: str
) -> None:
    dead = kill_fuse_client(client, REAL_DIR)
    storage = made(driver, volume, lying, access)
    assert storage("attach") and storage("size") == IMAGE_MIB * MIB
    if access:
        assert len(driver.workers()) == 1
        assert (len(client.fuse_mounts()), client.fuse_clients()) == (1, [])
    else:
        assert driver.workers() == []
        assert the_mount(client)[1] != dead


@pytest.mark.parametrize("access", ACCESSES)
def test_a_foreign_mount_is_an_error_in_kernelspace_and_of_no_matter_in_userspace(
    client: Client, volume: Volume, driver: Driver, lying: str, access: str
) -> None:
    client.run(["mkdir", "-p", REAL_DIR])
    client.run(["mount", "-t", "tmpfs", "tmpfs", REAL_DIR])
    try:
        storage = made(driver, volume, lying, access)
        assert storage.outcome("attach") == (True if access else "WRONG_VOLUME")
        assert len(driver.workers()) == (1 if access else 0)
        storage.drop()
        assert client.run(["ls", "-A", REAL_DIR]).stdout == ""
    finally:
        client.run(["umount", REAL_DIR])


@pytest.mark.parametrize("access", ACCESSES)
def test_a_hung_mount_is_an_error_in_kernelspace_and_of_no_matter_in_userspace(
    client: Client, volume: Volume, mounted: Driver, drivers: Callable[..., Driver], lying: str,
    access: str,
) -> None:
    driver = drivers()
    with stopped(client.fuse_client(REAL_DIR)), request_in_flight(client, REAL_DIR):
        await_error(mounted, "check")  # the last good answer is too old to count
        storage = made(driver, volume, lying, access)
        assert storage.outcome("attach") in ((True,) if access else ("MOUNT_HUNG", "CANNOT_TELL"))
        assert len(driver.workers()) == (1 if access else 0)
        storage.drop()
    client.await_answer(REAL_DIR)


def test_without_the_worker_images_are_reached_by_mounting(
    client: Client, volume: Volume, drivers: Callable[..., Driver], lying: str
) -> None:
    program = client.path(worker_path())
    program.rename(program.with_name("kept"))
    try:
        for access in ACCESSES:
            driver = drivers()
            storage = made(driver, volume, lying, access)
            assert storage("attach") and storage("size") == IMAGE_MIB * MIB
            the_mount(client)
            driver.end()
            assert client.fuse_mounts() == []
    finally:
        program.with_name("kept").rename(program)


def test_a_worker_that_cannot_run_is_named(
    client: Client, volume: Volume, drivers: Callable[..., Driver], lying: str
) -> None:
    """As where libgfapi's package is not installed: in kernelspace the volume is mounted instead."""
    program = client.path(worker_path())
    kept = program.with_name("kept")
    program.rename(kept)
    try:
        program.write_text("#!/bin/sh\nexit 127\n")
        program.chmod(0o755)
        error = made(drivers(), volume, lying, "userspace").error("attach")
        assert error.code == "CONNECT_FAILED"
        assert f"{worker_path()} ended before it was connected" in error.message
        assert f"ldd {worker_path()}" in error.message
        driver = drivers()
        assert made(driver, volume, lying, "")("attach")
        assert any("ended before it was connected" in line for line in driver.log)
        the_mount(client)
        driver.end()
    finally:
        kept.rename(program)


@pytest.mark.parametrize("access", ACCESSES)
@pytest.mark.parametrize("there", [False, True], ids=["not_mounted", "mounted"])
@pytest.mark.parametrize("store", ["mount", "libgfapi"])
def test_the_settings_pin_the_way(
    client: Client, volume: Volume, drivers: Callable[..., Driver], lying: str,
    request: pytest.FixtureRequest, store: str, there: bool, access: str,
) -> None:
    if there:
        request.getfixturevalue("mounted")
    client.write_file(SETTINGS, f'[volume.gv0]\nimage_store = "{store}"\n')
    driver = drivers()
    storage = made(driver, volume, lying, access)
    assert storage("attach") and storage("size") == IMAGE_MIB * MIB
    assert len(driver.workers()) == (1 if store == "libgfapi" else 0)
    assert len(client.fuse_mounts()) == (1 if there or store == "mount" else 0)
    driver.end()


def test_a_volume_that_was_never_mounted_is_known_and_so_are_its_servers(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    driver = drivers()
    driver("disk", "one", volume.source, disk, "userspace")
    assert driver("on", "one", "attach") is False
    assert driver("used-volumes") == [volume.source]
    assert driver("report")["volume"] == volume.source
    learned = client.path(f"/var/lib/ganeti-gluster/servers-{volume.name}").read_text().split()
    assert set(learned) >= {node.name for node in volume.cluster.nodes}
    assert not client.fuse_mounts()
