# SPDX-License-Identifier: BSD-2-Clause
"""What failures are made with: the testbed's machines, and what is undone afterwards."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from driver import REAL_DIR, Driver, LibraryError
from testbed import Client, Cluster, Volume

HELPER = "/usr/sbin/mount.glusterfs"


@dataclass
class Bed:
    """What a failure is made with. Whatever it puts on the stack is undone after the message."""

    cluster: Cluster
    client: Client
    volume: Volume
    other_volume: Volume
    drivers: Callable[..., Driver]
    stack: ExitStack

    def error(self, *words: object, driver: Driver | None = None) -> LibraryError:
        """The error of a step, in a process of its own unless one is given."""
        with pytest.raises(LibraryError) as error:
            (driver or self.drivers())(*words)
        return error.value

    def mounted(self) -> Driver:
        """A driver with a lease on gv0."""
        driver = self.drivers()
        driver("mount", self.volume.source)
        return driver

    def foreign_mount(self, volume: Volume) -> None:
        """A mount that somebody else made; the last driver adopts it and gives it back."""
        self.client.mount(volume.source, REAL_DIR)
        self.stack.callback(lambda: self.drivers()("mount", volume.source))
        self.stack.callback(self.client.await_answer, REAL_DIR)

    def run(self, command: str, undo: str = "true") -> None:
        """A shell command on the client, and the one that undoes it."""
        self.stack.callback(self.client.run, ["sh", "-c", undo])
        self.client.run(["sh", "-c", command])


@contextmanager
def helper(client: Client, script: str) -> Iterator[None]:
    """The mount helper is this shell script, which may call the real one as /run/real-helper."""
    client.run(["cp", HELPER, "/run/real-helper"])
    client.write_file("/run/false-helper", f"#!/bin/sh\n{script}\n")
    client.run(["chmod", "755", "/run/false-helper"])
    client.run(["mount", "--bind", "/run/false-helper", HELPER])
    try:
        yield
    finally:
        client.run(["umount", HELPER])


Failure = Callable[[Bed], LibraryError]


class Failures(dict[str, Failure]):
    """A catalogue: how each failure is made, by its name."""

    def add(self, failure: Failure) -> Failure:
        """Enters a function by its own name; serves as its decorator."""
        self[failure.__name__.replace("_", " ")] = failure
        return failure
