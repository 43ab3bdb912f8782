# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the mount's identity share: mounts made by hand, refusals, idle mounts."""

import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, Driver, LibraryError
from testbed import Client, Mount, Process

DISK = f"ganeti/{uuid.uuid4()}.0"


def rows(client: Client) -> list[Mount]:
    """What is mounted on the storage dir, the topmost last."""
    return [mount for mount in client.mounts() if mount.target == REAL_DIR]


def files_below(client: Client, folder: str = REAL_DIR) -> str:
    return client.run(["find", folder, "-ls"]).stdout


@contextmanager
def mounted(client: Client, *words: str) -> Iterator[None]:
    """A mount made by hand on the storage dir, and unmounted by hand."""
    client.run(["mkdir", "-p", REAL_DIR])
    client.run(["mount", *words, REAL_DIR])
    try:
        yield
    finally:
        client.run(["umount", REAL_DIR])


@contextmanager
def by_hand(client: Client, source: str) -> Iterator[None]:
    client.mount(source, REAL_DIR)
    yield
    client.unmount(REAL_DIR)


def refusal(client: Client, driver: Driver, source: str, code: str = "WRONG_VOLUME") -> str:
    """The text of a refusal to mount, which must have touched nothing."""
    before = (client.mounts(), client.fuse_clients(), files_below(client))
    with pytest.raises(LibraryError) as error:
        driver("mount", source)
    assert error.value.code == code, error.value.message
    assert (client.mounts(), client.fuse_clients(), files_below(client)) == before
    return error.value.message


def mounts_at_once(client: Client, driver: Driver, source: str) -> None:
    """Nothing stands in the way any more: the volume is mounted and given back."""
    assert rows(client) == []
    driver("mount", source)
    assert driver("release") == "released"


def leave_idle_mount(drivers: Callable[..., Driver], source: str) -> None:
    """A mount of the library's own that nobody needs: its process was killed."""
    driver = drivers()
    driver("mount", source)
    driver.command.send_signal(signal.SIGKILL)
    driver.command.wait()


@contextmanager
def reading(client: Client, path: str) -> Iterator[Process]:
    """A process that has the file open."""
    reader = client.popen(["tail", "--follow", path], stdout=subprocess.PIPE)
    try:
        assert reader.stdout is not None
        assert reader.stdout.read(1)
        yield reader.process
    finally:
        reader.end()
