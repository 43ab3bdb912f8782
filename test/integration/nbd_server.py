# SPDX-License-Identifier: BSD-2-Clause
"""Images served by NBD, and clients of libnbd that connect to them from the test's own process."""

import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import nbd
from test_tool import TOOL
from testbed import Client

SOCKETS = "/run/ganeti-gluster/nbd"
LOST = 30  # seconds that nobody should have to wait for the end of a server


def content(mib: int, seed: int = 1) -> bytes:
    """Bytes in which no two blocks are the same."""
    return random.Random(seed).randbytes(mib << 20)


class Server:
    """`disk serve`, running in a machine."""

    def __init__(self, client: Client, source: str, disk: str, *words: str) -> None:
        self.client = client
        self.socket = f"{SOCKETS}/{disk}"
        self.command = client.popen(
            [TOOL, "disk", "serve", disk, "--volume", source, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.command.stdout is not None
        self.said = self.command.stdout.readline()
        self.uri = self.said.rpartition(" ")[2].strip()

    def connect(self) -> nbd.NBD:
        """A client, once it is answered."""
        handle = nbd.NBD()
        handle.add_meta_context(nbd.CONTEXT_BASE_ALLOCATION)
        handle.connect_unix(str(self.client.path(self.socket)))
        return handle

    def path(self) -> Path:
        return self.client.path(self.socket)

    def errors(self) -> str:
        """What it wrote of errors, once it has ended."""
        assert self.command.stderr is not None
        return self.command.stderr.read()

    def run(self, *words: str) -> str:
        """A program of the machine, with the URI in place of URI."""
        argv = [self.uri if word == "URI" else word for word in words]
        return self.client.run(argv).stdout

    def end(self) -> int:
        """SIGTERM, and the exit status."""
        self.command.send_signal(15)
        return self.command.wait(timeout=LOST)

    def kill(self) -> None:
        self.command.send_signal(9)
        self.command.wait(timeout=LOST)


def extents(handle: nbd.NBD) -> list[tuple[int, bool]]:
    """Length of each range, and whether it is a hole that reads as zeros."""
    found: list[int] = []

    def note(_context: str, _offset: int, entries: Sequence[int], _error: object) -> None:
        found.extend(entries)

    handle.block_status(handle.get_size(), 0, note)
    hole = nbd.STATE_HOLE | nbd.STATE_ZERO
    return [(length, flags == hole) for length, flags in zip(found[::2], found[1::2], strict=True)]
