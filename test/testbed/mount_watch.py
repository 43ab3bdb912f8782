# SPDX-License-Identifier: BSD-2-Clause
"""Every change of a machine's mount table, however short, told by a process of its own in there."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .machine import Machine

_PROGRAM = Path(__file__).resolve().parent / "mount_watch_program.py"


class MountWatch:
    """Watches from when it is made until its end."""

    def __init__(self, machine: Machine) -> None:
        self._command = machine.popen(
            ["/usr/bin/python3", "-B", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._answer()

    def _answer(self) -> list[list[str]]:
        assert self._command.stdout is not None
        return json.loads(self._command.stdout.readline())

    def changes(self) -> list[list[str]]:
        """For each change since the last question, where GlusterFS was mounted right after it.

        What came and went faster than it could be read is one change.
        """
        assert self._command.stdin is not None
        self._command.stdin.write("\n")
        self._command.stdin.flush()
        return self._answer()

    def end(self) -> None:
        """Ends the process."""
        self._command.end()


@contextmanager
def watched_mounts(machine: Machine) -> Iterator[MountWatch]:
    """A watch that ends with the block."""
    watch = MountWatch(machine)
    try:
        yield watch
    finally:
        watch.end()
