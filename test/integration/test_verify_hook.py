# SPDX-License-Identifier: BSD-2-Clause
"""What the cluster-verify hook says of a node: nothing if all is well, otherwise what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, built
from testbed import Client, Volume, await_condition
from testbed.faults import kill_fuse_client, stopped, without_quorum

HOOK = Path(__file__).resolve().parents[2] / "data/hooks/cluster-verify-post.d/50-ganeti-gluster"
TOOL = Path(built("tools/ganeti-gluster"))
SETTINGS = "/etc/ganeti/gluster.toml"
LINKS = "/run/ganeti/instance-disks"


def verify(client: Client) -> str:
    """What `gnt-cluster verify` shows of the node; empty if the hook succeeds."""
    path = f"{TOOL.parent}:/sbin:/bin:/usr/sbin:/usr/bin"
    result = client.run([str(HOOK)], check=False, env={"PATH": path})
    assert (result.returncode, result.stderr) == (1 if result.stdout else 0, "")
    return result.stdout


def say(client: Client, *words: str) -> None:
    client.run([str(TOOL), *words])


@pytest.fixture(autouse=True)
def of_no_concern(client: Client) -> None:
    """Which module Ganeti has here: the cluster uses no disks on Gluster."""
    client.write_file("/var/lib/ganeti/ssconf_enabled_disk_templates", "plain\n")


@pytest.fixture
def used(client: Client, volume: Volume, driver: Driver, disk: str) -> Iterator[str]:
    """A disk of gv0 in use: the volume is mounted, and there is a hold and a link."""
    driver("mount", volume.source)
    driver("hold", disk)
    driver("release")
    client.run(["mkdir", "-p", LINKS])
    client.run(["ln", "-s", f"{STORAGE_DIR}/{disk}", f"{LINKS}/instance1:0"])
    yield disk
    client.run(["rm", "-r", LINKS])
    say(client, "umount", "--drop-hold", disk)


def test_a_well_node_is_passed_over_in_silence(client: Client, used: str) -> None:
    assert client.fuse_client(REAL_DIR)
    assert verify(client) == ""


def test_a_node_without_a_mount_is_well(client: Client) -> None:
    assert verify(client) == ""


def test_a_dead_mount_fails_the_verification(client: Client, used: str) -> None:
    kill_fuse_client(client, REAL_DIR)
    assert verify(client).startswith("MOUNT_DEAD: ")


def test_another_file_system_fails_the_verification(client: Client) -> None:
    client.run(["mkdir", "-p", REAL_DIR])
    client.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    said = verify(client)
    client.run(["umount", REAL_DIR])
    assert said.startswith("WRONG_VOLUME: ") and "(source foreign)" in said


def test_another_volume_under_a_disk_in_use_fails_the_verification(
    client: Client, used: str, other_volume: Volume
) -> None:
    client.unmount(REAL_DIR)
    client.mount(other_volume.source, REAL_DIR)
    said = verify(client)
    client.unmount(REAL_DIR)
    assert "WRONG_VOLUME: the volume gv1 of " in said


def test_a_disk_in_use_without_a_mount_fails_the_verification(client: Client, used: str) -> None:
    client.unmount(REAL_DIR)
    said = verify(client)
    assert said.startswith("MOUNT_MISSING: ") and used in said


def test_a_hung_mount_fails_the_verification_in_time(client: Client, used: str) -> None:
    client.write_file(SETTINGS, '[all]\nprobe_timeout = "1s"\n')
    with stopped(client.fuse_client(REAL_DIR)):
        said = await_condition(lambda: verify(client), "the last good answer is too old to count")
        assert said.startswith("MOUNT_HUNG: ")
    await_condition(lambda: not client.processes_named("gluster-mount-c"), "no probe waits")


def test_lost_quorum_fails_the_verification(client: Client, volume: Volume, used: str) -> None:
    with without_quorum(volume):
        said = await_condition(lambda: verify(client), "the mount is ill")
        assert said.startswith("UNREACHABLE: ")
    client.await_answer(REAL_DIR)
    await_condition(lambda: verify(client) == "", "the node is well again")


def test_files_below_the_mount_point_fail_the_verification(client: Client) -> None:
    client.run(["mkdir", "-p", REAL_DIR])
    client.write_file(f"{REAL_DIR}/stray", "")
    said = verify(client)
    client.run(["rm", f"{REAL_DIR}/stray"])
    assert said.startswith("STRAY_FILES: ") and "stray" in said


def test_a_mistake_in_the_settings_fails_the_verification(client: Client) -> None:
    client.write_file(SETTINGS, "[all]\nprobe_timeout = soon\n")
    said = verify(client)
    assert said.startswith("INVALID_SETTINGS: ") and f"{SETTINGS}:2" in said
