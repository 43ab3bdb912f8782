# SPDX-License-Identifier: BSD-2-Clause
"""Space of the volume, what the settings make of it, and the modes of what is written."""

import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, Driver
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files
from testbed import Client, Volume, await_condition

STATE_DIR = "/run/ganeti-gluster"
LEARNED_DIR = "/var/lib/ganeti-gluster"
SETTINGS = "/etc/ganeti/gluster.toml"


def volume_space(client: Client) -> dict[str, int]:
    """The volume's sizes in bytes as statvfs(3) on the mount gives them."""
    status = os.statvfs(client.path(REAL_DIR))
    return {
        "size_bytes": status.f_blocks * status.f_frsize,
        "free_bytes": status.f_bavail * status.f_frsize,
        "used_bytes": (status.f_blocks - status.f_bfree) * status.f_frsize,
    }


def await_same_space(client: Client, storage: Disk) -> dict[str, int]:
    """The sizes that the disk tells, once they are statvfs's; bricks write files of their own."""
    return await_condition(
        lambda: space if (space := storage("space")) == volume_space(client) else None,
        "the disk tells the volume's sizes",
    )


@contextmanager
def traced(client: Client, driver: Driver) -> Iterator[list[str]]:
    """The system calls of the driver and its children that name a file or a file system."""
    pid = str(driver.command.process.namespace_pids[-1])
    record = client.path(f"/run/trace-{pid}")
    argv = ["strace", "-f", "-p", pid, "-o", f"/run/trace-{pid}", "-e", "trace=%file,%fstatfs"]
    tracer = client.popen(argv, stderr=subprocess.PIPE)
    lines: list[str] = []
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        yield lines
        tracer.send_signal(2)
        tracer.wait(timeout=20)
        lines += record.read_text().splitlines()
    finally:
        tracer.end()
        record.unlink()


@pytest.mark.parametrize("there", [True, False], ids=["an_image", "no_image"])
def test_the_space_is_that_of_the_volume_and_no_image_is_looked_at(
    client: Client, volume: Volume, driver: Driver, image: str, there: bool
) -> None:
    storage = Disk(driver, volume, image if there else f"{image[:-1]}1")
    await_same_space(client, storage)
    assert storage("state") == "detached"
    with traced(client, driver) as calls:
        assert storage("space")["size_bytes"] == volume_space(client)["size_bytes"]
    assert any("fstatfs(" in call for call in calls)
    assert not [call for call in calls if '"ganeti' in call or image[-38:-2] in call]
    storage("close")
    assert client.fuse_mounts() == []


def test_the_space_changes_with_what_is_taken(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    before = storage("space")
    fill = Disk(driver, volume, f"{image[:-1]}1")
    fill("create", 1)
    driver("mount", volume.source)
    assert driver("grow", f"{image[:-1]}1", 64, "falloc")
    after = await_same_space(client, storage)
    # GlusterFS divides by the volumes whose bricks share a file system: there may be two.
    assert before["free_bytes"] - after["free_bytes"] >= 32 * MIB
    assert after["used_bytes"] - before["used_bytes"] >= 32 * MIB
    assert fill("remove")


@pytest.fixture
def beyond_free_mib(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> Iterator[int]:
    """A size that fits into the volume, but not into what is free of it."""
    filler = "ganeti/22222222-2222-4333-8444-555555555555.0"
    driver = drivers()
    driver("mount", volume.source)
    driver("create", filler, 64, "falloc")
    yield volume_space(client)["size_bytes"] // MIB - 16
    driver("remove", filler)


@pytest.mark.parametrize("section", ["all", "volume.gv0"])
@pytest.mark.parametrize("overcommit", ["allow", "warn", "refuse", None])
def test_overcommit_is_as_the_settings_say_and_warned_of_by_default(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    image: str,
    beyond_free_mib: int,
    overcommit: str | None,
    section: str,
) -> None:
    setting = f'overcommit = "{overcommit}"\n' if overcommit else ""
    client.write_file(SETTINGS, f"[{section}]\n{setting}")
    driver = drivers()
    new = Disk(driver, volume, f"{image[:-1]}1")
    old = Disk(driver, volume, image)
    assert old("attach")
    grow = ("grow", beyond_free_mib - IMAGE_MIB)
    check = ("check-grow", beyond_free_mib - IMAGE_MIB)
    try:
        for storage, *call in ((new, "create", beyond_free_mib), (old, *check), (old, *grow)):
            outcome = storage.outcome(*call)
            warned = any("so that it could not be filled" in line for line in driver.log)
            assert (call, outcome) == (call, "ENOSPC" if overcommit == "refuse" else True)
            assert (call, warned) == (call, overcommit in ("warn", None))
        refused = overcommit == "refuse"
        assert new.outcome("size") == ("ENOENT" if refused else beyond_free_mib * MIB)
        assert old("size") == (IMAGE_MIB if refused else beyond_free_mib) * MIB
        assert len(brick_files(volume, f"{image[:-1]}1")) == (0 if refused else 3)
    finally:
        new("remove")


@pytest.mark.parametrize("preallocation", ["off", "falloc", "full"])
def test_preallocation_is_as_the_settings_say(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str, preallocation: str
) -> None:
    client.write_file(SETTINGS, f'[volume.gv0]\npreallocation = "{preallocation}"\n')
    storage = Disk(drivers(), volume, disk)
    taken_at_once = preallocation != "off"
    try:
        for call, mib in (("create 5", 5), ("grow 3", 8)):
            storage(call)
            assert storage("size") == mib * MIB
            taken = [file.stat().st_blocks * 512 for file in brick_files(volume, disk)]
            assert [bytes_taken >= mib * MIB for bytes_taken in taken] == [taken_at_once] * 3
            assert (storage("info")["allocated_bytes"] >= mib * MIB) == taken_at_once
    finally:
        storage("remove")


@pytest.mark.parametrize("umask", ["0", "22"])
def test_the_umask_of_the_caller_changes_no_mode(
    client: Client, volume: Volume, driver: Driver, disk: str, umask: str
) -> None:
    driver("mount", volume.source)
    client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
    driver("release")
    client.run(["rm", "-rf", STATE_DIR, REAL_DIR])
    client.run(["find", LEARNED_DIR, "-mindepth", "1", "-delete"])
    driver("umask", umask)
    storage = Disk(driver, volume, disk)
    storage("create", 1)
    storage("open")
    storage("set-info", "text")
    storage("grow", 1)

    def modes(path: str, kind: str) -> set[str]:
        return set(client.run(["find", path, "-type", kind, "-printf", "%m "]).stdout.split())

    for brick in volume.bricks:
        image = brick.node.path(f"{brick.path}/{disk}")
        assert stat.S_IMODE(image.stat().st_mode) == 0o600
        assert stat.S_IMODE(image.parent.stat().st_mode) == 0o750
    assert (modes(STATE_DIR, "f"), modes(STATE_DIR, "d")) == ({"600"}, {"700"})
    assert modes(LEARNED_DIR, "f") == {"600"}
    storage("remove")
    assert client.fuse_mounts() == []
    assert modes(REAL_DIR, "d") == {"755"}
