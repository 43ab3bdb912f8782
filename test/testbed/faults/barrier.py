# SPDX-License-Identifier: BSD-2-Clause
"""Processes that start at the same instant."""

import os
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType

from ..commands import Command
from ..machine import Machine
from ..waiting import await_condition

# Waits for end of file on the descriptor, then becomes the command.
_WAITER = (
    "import os, sys; fd = int(sys.argv[1]); os.read(fd, 1); os.close(fd); "
    "os.execvp(sys.argv[2], sys.argv[2:])"
)


class Barrier:
    """Holds commands back and lets all of them go by one event of the kernel.

    with Barrier() as barrier:
        for _ in range(8):
            barrier.add(client, ["mount", ...])
        results = barrier.release()
    """

    def __init__(self) -> None:
        self._commands: list[tuple[list[str], Command]] = []
        self._reader, self._writer = os.pipe()

    def __enter__(self) -> "Barrier":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _argv, command in self._commands:
            command.end()
        os.close(self._reader)
        self._close_writer()

    def add(self, machine: Machine, argv: Sequence[str]) -> Command:
        """Brings one more process to the barrier."""
        command = machine.popen(
            [sys.executable, "-IS", "-c", _WAITER, str(self._reader), *argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(self._reader,),
        )
        self._commands.append((list(argv), command))
        return command

    def release(self, timeout: float = 120.0) -> list[subprocess.CompletedProcess[str]]:
        """Awaits that every process is at the barrier, lets them go, returns what they did."""
        await_condition(
            lambda: all("pipe_read" in item.process.kernel_stack for _, item in self._commands),
            "every process is at the barrier",
        )
        self._close_writer()
        results = []
        for argv, command in self._commands:
            output, errors = command.communicate(timeout=timeout)
            results.append(
                subprocess.CompletedProcess(argv, command.returncode, output, errors)
            )
        return results

    def _close_writer(self) -> None:
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1
