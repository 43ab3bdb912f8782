# SPDX-License-Identifier: BSD-2-Clause
"""The main job: disks are created, sized, grown and removed, on the volume and nowhere else."""

import json
import stat
import uuid
from collections.abc import Callable

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError, built
from testbed import Client, Volume
from testbed.faults import SyscallPoint, killed_at_syscall, syscall_points

MIB = 1 << 20
OUTSIDE = "/run/outside"
# What changes something on the volume or in the state of the node, and what waits in between.
CHANGES = "openat2,mkdirat,fcntl,ftruncate,fchmod,fsync,unlinkat,renameat,rename,flock,pwrite64"


def on_bricks(volume: Volume, path: str) -> list[tuple[int, int]]:
    """Size and mode of what each brick has at a path; nothing for a brick that has it not."""
    found = []
    for brick in volume.bricks:
        file = brick.node.path(f"{brick.path}/{path}")
        if file.exists():
            found.append((file.stat().st_size, stat.S_IMODE(file.stat().st_mode)))
    return found


def code_of(driver: Driver, *words: object) -> str:
    """The code of the error that a command must give."""
    with pytest.raises(LibraryError) as error:
        driver(*words)
    return error.value.code


def test_a_disk_is_created_grown_and_removed_on_all_bricks(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    assert not driver("exists", disk)
    assert driver("create", disk, 5)
    assert driver("exists", disk)
    assert driver("size", disk) == 5 * MIB
    assert on_bricks(volume, disk) == [(5 * MIB, 0o600)] * 3
    assert driver("grow", disk, 3)
    assert driver("size", disk) == 8 * MIB
    assert on_bricks(volume, disk) == [(8 * MIB, 0o600)] * 3
    assert driver("remove", disk)
    assert on_bricks(volume, disk) == []
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
    assert on_bricks(volume, "ganeti") == []
    assert not driver("exists", disk)
    assert not driver("remove", disk)
    driver("create", disk, 1)
    assert [mode for _, mode in on_bricks(volume, "ganeti")] == [0o750] * 3
    assert driver("remove", disk)


@pytest.mark.parametrize(
    "argv",
    [["ln", "-s", f"{OUTSIDE}/image"], ["ln", "-s", "no-such-image"], ["mkfifo"], ["mkdir"]],
    ids=["a_symlink", "a_dangling_symlink", "a_fifo", "a_folder"],
)
def test_what_is_no_regular_file_is_told_from_an_absent_image_and_not_touched(
    client: Client, volume: Volume, driver: Driver, disk: str, argv: list[str]
) -> None:
    client.run(["mkdir", OUTSIDE])
    client.write_file(f"{OUTSIDE}/image", "not yours")
    path = f"{REAL_DIR}/{disk}"
    try:
        driver("mount", volume.source)
        client.run(["mkdir", "-p", f"{REAL_DIR}/ganeti"])
        client.run([*argv, path])
        before = client.run(["stat", "-c", "%i %F %Z", path]).stdout
        for command in ("exists", "size", "grow", "remove"):
            assert (command, code_of(driver, command, disk, 1)) == (command, "NOT_AN_IMAGE")
        assert code_of(driver, "create", disk, 1) in ("EEXIST", "NOT_AN_IMAGE")
        assert client.run(["stat", "-c", "%i %F %Z", path]).stdout == before
        assert client.run(["ls", OUTSIDE]).stdout == "image\n"
        assert client.path(f"{OUTSIDE}/image").read_text() == "not yours"
    finally:
        client.run(["rm", "-rf", path, OUTSIDE])


def test_a_link_in_place_of_the_folder_of_disks_is_not_followed(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    client.run(["mkdir", OUTSIDE])
    client.write_file(f"{OUTSIDE}/{disk.removeprefix('ganeti/')}", "not yours")
    before = client.run(["ls", "-lR", "--full-time", OUTSIDE]).stdout
    folder = f"{REAL_DIR}/ganeti"
    other = disk[:-1] + "1"
    driver("mount", volume.source)
    try:
        client.run(["rm", "-rf", folder])
        client.run(["ln", "-s", OUTSIDE, folder])
        for command in ("exists", "size", "grow", "remove", "create"):
            assert (command, code_of(driver, command, disk, 1)) == (command, "NOT_AN_IMAGE")
        assert code_of(driver, "create", other, 1) == "NOT_AN_IMAGE"
        assert client.run(["ls", "-lR", "--full-time", OUTSIDE]).stdout == before
    finally:
        client.run(["rm", "-rf", folder, OUTSIDE])


def test_an_image_larger_than_the_volume_is_refused_and_leaves_nothing(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    size = int(client.run(["stat", "-f", "-c", "%b", REAL_DIR]).stdout)
    size = size * int(client.run(["stat", "-f", "-c", "%S", REAL_DIR]).stdout) // MIB
    assert code_of(driver, "create", disk, size + 1) == "ENOSPC"
    assert on_bricks(volume, disk) == []
    driver("create", disk, size)
    assert code_of(driver, "grow", disk, 1) == "ENOSPC"
    assert driver("size", disk) == size * MIB
    assert driver("remove", disk)


def is_complete(driver: Driver, disk: str) -> bool:
    """Whether the disk can be used; if not, it must be absent or say that it is unfinished."""
    try:
        return driver("exists", disk)
    except LibraryError as error:
        assert error.code == "UNFINISHED_IMAGE"
        assert code_of(driver, "size", disk) == "UNFINISHED_IMAGE"
        assert code_of(driver, "grow", disk, 1) == "UNFINISHED_IMAGE"
        return False


def test_a_creation_killed_at_any_system_call_is_repeated_with_success(
    client: Client, volume: Volume, driver: Driver
) -> None:
    driver("mount", volume.source)
    argv = [built("test/integration/driver"), STORAGE_DIR]

    def fresh() -> tuple[str, str]:
        disk = f"ganeti/{uuid.uuid4()}.0"
        return disk, f"mount {volume.source}\ncreate {disk} 3\n"

    # Each creation begins without the folder of disks, so that its making is a point as well.
    client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
    points = syscall_points(client, argv, CHANGES, input=fresh()[1])
    assert {"mkdirat", "ftruncate", "fchmod", "fsync"} <= {point.name for point in points}
    committed: list[SyscallPoint] = []
    for point in points:
        client.run(["rm", "-rf", f"{REAL_DIR}/ganeti"])
        disk, commands = fresh()
        result = killed_at_syscall(client, argv, point, input=commands)
        told = [json.loads(line) for line in result.stdout.splitlines()]
        created = len(told) > 1 and "ok" in told[1]
        if is_complete(driver, disk):
            committed += [] if created else [point]
        else:
            assert not created, f"created, but gone: {point}"
            assert driver("create", disk, 3)
        assert on_bricks(volume, disk) == [(3 * MIB, 0o600)] * 3, str(point)
        assert driver("remove", disk)
    # The commit is the last change; only to make it durable and to say so comes after it.
    assert {point.name for point in committed} <= {"fsync"}
