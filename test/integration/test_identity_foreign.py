# SPDX-License-Identifier: BSD-2-Clause
"""What is mounted on the storage dir and is not the wanted volume is refused, and left alone."""

from collections.abc import Callable

from driver import REAL_DIR, Driver
from identity import (
    DISK,
    by_hand,
    files_below,
    leave_idle_mount,
    mounted,
    mounts_at_once,
    refusal,
    rows,
)
from testbed import Client, Cluster, Volume


def test_another_volume_mounted_by_hand_is_refused(
    client: Client, volume: Volume, other_volume: Volume, driver: Driver
) -> None:
    with by_hand(client, other_volume.source):
        text = refusal(client, driver, volume.source)
        assert "gv1" in text
        assert f"umount {REAL_DIR}" in text
    mounts_at_once(client, driver, volume.source)


def test_another_volume_under_the_very_label_of_ours_is_refused(
    client: Client, cluster: Cluster, volume: Volume, other_volume: Volume, driver: Driver
) -> None:
    hosts = client.path("/etc/hosts").read_text()
    spec = cluster.node(1).run(["gluster", "system::", "getspec", other_volume.name]).stdout
    client.write_file("/run/spec", spec)
    client.run(["mkdir", "-p", REAL_DIR])
    # A client that reads its volume from a file calls itself "glusterfs:" and what it was told.
    client.run(["glusterfs", "--volfile=/run/spec", "--volfile-id=/gv0", REAL_DIR])
    client.write_file("/etc/hosts", hosts + "198.51.100.11 glusterfs\n")
    try:
        assert [row.source for row in rows(client)] == ["glusterfs:/gv0"]
        client.run(["touch", f"{REAL_DIR}/mark"])
        marks = [brick.node.path(f"{brick.path}/mark") for brick in other_volume.bricks]
        assert any(mark.exists() for mark in marks)  # it is gv1
        client.run(["rm", f"{REAL_DIR}/mark"])
        refusal(client, driver, "glusterfs:/gv0")
        client.unmount(REAL_DIR)
        mounts_at_once(client, driver, "glusterfs:/gv0")
    finally:
        client.run(["rm", "/run/spec"])
        client.write_file("/etc/hosts", hosts)


def test_a_tmpfs_is_refused(client: Client, volume: Volume, driver: Driver) -> None:
    with mounted(client, "-t", "tmpfs", "nothing"):
        client.run(["touch", f"{REAL_DIR}/file"])
        assert "tmpfs" in refusal(client, driver, volume.source)
    mounts_at_once(client, driver, volume.source)


def test_a_bind_mount_of_a_folder_is_refused(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.run(["mkdir", "-p", "/run/folder"])
    with mounted(client, "--bind", "/run/folder"):
        refusal(client, driver, volume.source)
    client.run(["rmdir", "/run/folder"])


def test_a_folder_of_our_volume_bound_there_is_refused(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.mount(volume.source, "/mnt/by-hand")
    client.run(["mkdir", "-p", "/mnt/by-hand/ganeti"])
    with mounted(client, "--bind", "/mnt/by-hand/ganeti"):
        assert rows(client)[-1].filesystem == "fuse.glusterfs"
        assert "/ganeti" in refusal(client, driver, volume.source)
    client.unmount("/mnt/by-hand")
    client.run(["rmdir", "/mnt/by-hand"])


def test_files_in_the_bare_directory_are_named_and_left_alone(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.run(["mkdir", "-p", f"{REAL_DIR}/ganeti"])
    client.write_file(f"{REAL_DIR}/ganeti/disk", "someone's data")
    client.write_file(f"{REAL_DIR}/notes", "notes")
    before = files_below(client)
    driver("mount", volume.source)
    warning = next(line for line in driver.log if "notes" in line)
    assert "ganeti" in warning
    assert "left alone" in warning
    assert not client.path(f"{REAL_DIR}/notes").exists()  # the volume lies over it
    assert driver("release") == "released"
    assert files_below(client) == before
    assert client.path(f"{REAL_DIR}/ganeti/disk").read_text() == "someone's data"
    client.run(["rm", "-r", REAL_DIR])


def test_a_volume_of_that_name_of_other_servers_is_refused(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    driver = drivers()
    strangers = [f"{client.address.ipv4}:/gv0", "198.51.100.250:/gv0"]
    with by_hand(client, volume.source):
        for stranger in strangers:
            assert "node1" in refusal(client, driver, stranger)
    leave_idle_mount(drivers, volume.source)
    for stranger in strangers:
        assert "node1" in refusal(client, driver, stranger)
    assert driver("unmount") == "released"


def test_a_folder_of_the_volume_is_another_mount_than_the_volume(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    subdir = f"{volume.source}/vms"
    with by_hand(client, volume.source):
        client.run(["mkdir", "-p", f"{REAL_DIR}/vms"])
        assert "gv0" in refusal(client, drivers(), subdir)

    client.mount(subdir, REAL_DIR)
    assert "gv0/vms" in refusal(client, drivers(), volume.source)
    before = client.fuse_clients()
    adopting = drivers()
    adopting("mount", subdir)
    assert client.fuse_clients() == before
    assert adopting("release") == "released"

    driver = drivers()
    driver("mount", subdir)
    driver("create", DISK, 1)
    brick = volume.bricks[0]
    assert brick.node.path(f"{brick.path}/vms/{DISK}").exists()
    assert driver("remove", DISK)
    client.run(["rmdir", f"{REAL_DIR}/ganeti"])


def test_a_tmpfs_above_our_mount_is_refused_and_our_mount_left_alone(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    ours, late = drivers(), drivers()
    ours("mount", volume.source)
    with mounted(client, "-t", "tmpfs", "nothing"):
        refusal(client, late, volume.source)
        # The lease below is still what it was: its work lands on the volume.
        assert ours("create", DISK, 1)
        assert files_below(client).count("\n") == 1
        assert ours("remove", DISK)
    late("mount", volume.source)
