# SPDX-License-Identifier: BSD-2-Clause
"""Images as their tests look at them: on the bricks, and under commands that race or are killed."""

import json
import os
import signal
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import image_store
import operations
import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError, built
from testbed import Client, Cluster, Machine, Volume
from testbed.faults import SyscallPoint, killed_at_syscall, stopped_after_syscall, syscall_points

MIB = 1 << 20
DRIVER = [built("test/integration/driver"), STORAGE_DIR]
LABEL = "user.ganeti.label"
# What changes something on the volume or in the state of the node, and what waits in between.
CALLS = (
    "openat2,mkdirat,linkat,unlinkat,renameat,rename,fcntl,flock,fsetxattr,fchmod,ftruncate,"
    "fallocate,pwrite64,fsync,statx,fstatfs"
)


def new_disk() -> str:
    return f"ganeti/{uuid.uuid4()}.0"


def on_bricks(volume: Volume, path: str) -> list[os.stat_result]:
    """What each brick has at a path, links not followed; nothing for a brick that has it not."""
    files = [brick.node.path(f"{brick.path}/{path}") for brick in volume.bricks]
    return [os.lstat(file) for file in files if os.path.lexists(file)]


def sizes(volume: Volume, disk: str) -> list[tuple[int, int]]:
    """Size in bytes and mode of a disk's image on each brick."""
    return [(status.st_size, status.st_mode & 0o7777) for status in on_bricks(volume, disk)]


def complete(volume: Volume, mib: int) -> list[tuple[int, int]]:
    """What `sizes` says of a complete image."""
    return [(mib * MIB, 0o600)] * len(volume.bricks)


def disks_on_bricks(volume: Volume) -> list[str]:
    """Whatever lies in the folder of disks on any brick."""
    folders = [brick.node.path(f"{brick.path}/ganeti") for brick in volume.bricks]
    return sorted({f"ganeti/{entry.name}" for folder in folders for entry in folder.glob("*")})


def labels(volume: Volume, disk: str) -> list[dict[str, str]]:
    """The label of a disk's image on each brick."""
    files = [brick.node.path(f"{brick.path}/{disk}") for brick in volume.bricks]
    texts = [os.getxattr(file, LABEL).decode() for file in files]
    return [dict(line.split(" = ", 1) for line in text.splitlines()) for text in texts]


def second_client(cluster: Cluster) -> Client:
    """A client machine beside the one that tests have; who uses it leaves it empty."""
    if cluster.clients[1:]:
        return cluster.clients[1]
    client = cluster.add_client()
    image_store.prepare(client)
    return client


def empty_folder(client: Client) -> None:
    """Leaves a folder of disks without disks on the mounted volume, whatever there was."""
    client.run(["mkdir", "-p", "-m750", f"{REAL_DIR}/ganeti"])
    client.run(["find", f"{REAL_DIR}/ganeti", "-mindepth", "1", "-delete"])


def put(machine: Machine, disk: str, text: str) -> None:
    """Writes a text to the beginning of an image, as a guest on this machine would."""
    machine.run(["dd", f"of={REAL_DIR}/{disk}", "conv=notrunc,fsync"], input=text)


def beginnings(volume: Volume, disk: str, length: int) -> list[str]:
    """The first bytes of a disk's image on each brick."""
    files = [brick.node.path(f"{brick.path}/{disk}") for brick in volume.bricks]
    return [file.open("rb").read(length).decode() for file in files]


def answer_of(driver: Driver) -> str:
    """What became of the command sent last: "ok", or the code of its error."""
    try:
        driver.answer()
    except LibraryError as error:
        return error.code
    return "ok"


def code_of(driver: Driver, *words: object) -> str:
    """The code of the error that a command must give."""
    with pytest.raises(LibraryError) as error:
        driver(*words)
    return error.value.code


def at_once(commands: Sequence[tuple[Driver, str]]) -> list[str]:
    """What becomes of commands, each in a process of its own, that begin at the same instant."""
    for driver, command in commands:
        driver.command.process.stop()
        driver.send(command)
    for driver, _ in commands:
        driver.command.send_signal(signal.SIGCONT)
    return [answer_of(driver) for driver, _ in commands]


def held_after(
    machine: Machine, driver: Driver, point: SyscallPoint, command: str, *, at_volume: bool = False
) -> AbstractContextManager[None]:
    """The driver begins a command and is stopped after a system call on that command's disk.

    Or on the root of the volume. At the end it goes on. Its answer is left to the caller. Over libgfapi it is the
    worker that is stopped, after what it does instead of that call.
    """
    if image_store.is_libgfapi():
        return operations.stopped_after(machine, driver, point, command)
    disk = command.split()[1]
    paths = [disk, disk.removeprefix("ganeti/"), f"{REAL_DIR}/{disk}"]
    return stopped_after_syscall(
        machine,
        driver.command,
        point,
        lambda: driver.send(command),
        [REAL_DIR] if at_volume else paths,
    )


def killed_at(client: Client, volume: Volume, point: SyscallPoint, command: str) -> None:
    """A driver that has reached the volume is killed in a command, as it is about to make a system call.

    Over libgfapi: as its worker is about to do instead of that call.
    """
    if image_store.is_libgfapi():
        return operations.killed_before(client, volume.source, point, command)
    commands = f"mount {volume.source}\n{command}\n"
    killed_at_syscall(client, DRIVER, point, input=commands)


def killed_runs(
    client: Client, volume: Volume, prepare: Callable[[], str]
) -> Iterator[tuple[SyscallPoint, bool]]:
    """Kills a command at each of its system calls that changes something or waits.

    `prepare` makes everything ready for one run, as for the first, and returns the command. Yields
    after each kill the call and whether the run had told that the command succeeded. Over libgfapi the command is
    killed before each of its requests.
    """

    def commands() -> str:
        return f"{image_store.reaching(volume.source)}\n{prepare()}\n"

    if image_store.is_libgfapi():
        points = operations.points(client, DRIVER, commands())
    else:
        points = [(point, point) for point in syscall_points(client, DRIVER, CALLS, input=commands())]
    for point, kill in points:
        result = killed_at_syscall(client, DRIVER, kill, input=commands())
        told = [json.loads(line) for line in result.stdout.splitlines()]
        yield point, len(told) > 1 and "ok" in told[1]
