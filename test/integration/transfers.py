# SPDX-License-Identifier: BSD-2-Clause
"""Images whose content is moved by the tool, through files and pipes. Fixtures are for who imports them."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from images import new_disk
from test_tool import TOOL, tool
from testbed import Client, Volume

MIB = 1 << 20
SIZE = 24 * MIB


@pytest.fixture
def folder(client: Client) -> Iterator[Path]:
    """A folder of the client machine for files that are moved, as the host opens it."""
    client.run(["mkdir", "/run/files"])
    yield client.path("/run/files")
    client.run(["rm", "-r", "/run/files"])


@pytest.fixture
def two(client: Client, gv0: Volume) -> Iterator[tuple[str, str]]:
    """Two images of SIZE."""
    names = (new_disk(), new_disk())
    for name in names:
        tool(client, "disk", "create", name, "--size", str(SIZE // MIB))
    yield names
    for name in names:
        tool(client, "disk", "rm", "-f", name)


def shell(client: Client, line: str) -> subprocess.CompletedProcess[str]:
    """Runs a line as Ganeti's RunCmd does."""
    return client.run(["/bin/sh", "-c", line], check=False)


def words(verb: str, disk: str, *more: str) -> str:
    return shlex.join([TOOL, "disk", verb, disk, *more])


def put_in(client: Client, folder: Path, disk: str, data: bytes, *more: str) -> str:
    """Imports, and returns what it says of a failure; empty: it went well."""
    (folder / "in").write_bytes(data)
    result = shell(client, f"{words('import', disk, *more)} < /run/files/in")
    assert (result.returncode != 0) == ("error: " in result.stderr), result
    return result.stderr


def taken_out(client: Client, folder: Path, disk: str, *more: str) -> bytes:
    """What an export through a pipe writes."""
    result = shell(client, f"{words('export', disk, *more)} | cat > /run/files/out")
    assert (result.returncode, result.stderr) == (0, "")
    return (folder / "out").read_bytes()


class Moved:
    """A command that moves content through a pipe which the test holds."""

    def __init__(self, client: Client, verb: str, disk: str) -> None:
        self.command = client.popen(
            [TOOL, "disk", verb, disk],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def give(self, data: bytes) -> None:
        """Returns when all but what fits into a pipe has been taken, or the command is gone."""
        assert self.command.stdin is not None
        with suppress(BrokenPipeError):
            self.command.stdin.buffer.write(data)
            self.command.stdin.flush()

    def take(self) -> None:
        """The command has got so far that it writes."""
        assert self.command.stdout is not None
        assert len(self.command.stdout.buffer.read(MIB)) == MIB

    def failure(self) -> str:
        """What the command says when it has failed."""
        command = self.command
        assert command.stdin and command.stdout and command.stderr
        with suppress(BrokenPipeError):
            command.stdin.close()
        command.stdout.buffer.read()
        said = command.stderr.read()
        assert command.wait(timeout=60) == 1, said
        return said


@pytest.fixture
def moved(client: Client, two: tuple[str, str]) -> Iterator[Callable[[str], Moved]]:
    """Starts commands on the first of the two images, and ends them."""
    made: list[Moved] = []

    def start(verb: str) -> Moved:
        made.append(Moved(client, verb, two[0]))
        return made[-1]

    yield start
    for command in made:
        command.command.end()
