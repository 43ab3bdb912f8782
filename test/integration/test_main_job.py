# SPDX-License-Identifier: BSD-2-Clause
"""The main job: disks are created, sized, grown and removed, on the volume and nowhere else."""

from collections.abc import Callable

from driver import REAL_DIR, Driver
from images import MIB, code_of, sizes
from testbed import Client, Volume


def test_a_disk_is_created_grown_and_removed_on_all_bricks(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    assert not driver("exists", disk)
    assert driver("create", disk, 5)
    assert driver("exists", disk)
    assert driver("size", disk) == 5 * MIB
    assert sizes(volume, disk) == [(5 * MIB, 0o600)] * 3
    assert driver("grow", disk, 3)
    assert driver("size", disk) == 8 * MIB
    assert sizes(volume, disk) == [(8 * MIB, 0o600)] * 3
    assert driver("remove", disk)
    assert sizes(volume, disk) == []
    assert not driver("exists", disk)
    assert not driver("remove", disk)


def test_a_disk_and_its_content_survive_unmount_and_remount(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 4)
    path = f"{REAL_DIR}/{disk}"
    client.run(["dd", "of=" + path, "bs=1M", "seek=1", "conv=notrunc,fsync"], input="content")
    assert driver("release") == "released"
    assert client.fuse_mounts() == []
    driver("mount", volume.source)
    assert driver("size", disk) == 4 * MIB
    driver("grow", disk, 1)
    read = client.run(["dd", "if=" + path, "bs=1M", "skip=1", "count=1"]).stdout
    assert read.startswith("content\0")
    assert driver("remove", disk)


def test_a_disk_is_sparse(client: Client, volume: Volume, driver: Driver, disk: str) -> None:
    driver("mount", volume.source)
    driver("create", disk, 512)
    for brick in volume.bricks:
        assert brick.node.path(f"{brick.path}/{disk}").stat().st_blocks * 512 < MIB
    assert driver("remove", disk)


def test_an_existing_image_is_neither_replaced_nor_changed(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    first, second = drivers(), drivers()
    first("mount", volume.source)
    first("create", disk, 2)
    client.run(["dd", f"of={REAL_DIR}/{disk}", "conv=notrunc,fsync"], input="content")
    second("mount", volume.source)
    assert code_of(second, "create", disk, 9) == "EEXIST"
    assert second("size", disk) == 2 * MIB
    assert client.run(["head", "-c7", f"{REAL_DIR}/{disk}"]).stdout == "content"
    assert second("remove", disk)


def test_grow_never_shrinks_and_tells_of_a_disk_that_is_not_there(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    assert code_of(driver, "grow", disk, 1) == "ENOENT"
    assert code_of(driver, "size", disk) == "ENOENT"
    driver("create", disk, 2)
    assert code_of(driver, "grow", disk, -1) == "INVALID_SIZE"
    assert driver("grow", disk, 0)
    assert driver("size", disk) == 2 * MIB
    assert driver("remove", disk)


def test_the_folder_of_disks_is_created_for_root_and_its_group_only(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
    assert sizes(volume, "ganeti") == []
    assert not driver("exists", disk)
    assert not driver("remove", disk)
    driver("create", disk, 1)
    assert [mode for _, mode in sizes(volume, "ganeti")] == [0o750] * 3
    assert driver("remove", disk)
