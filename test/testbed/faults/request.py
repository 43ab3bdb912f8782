# SPDX-License-Identifier: BSD-2-Clause
"""A request that is inside a FUSE client and gets no answer."""

import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..commands import Command
from ..machine import Machine
from ..waiting import ConditionTimeout, await_condition


def _blocked_in_fuse(command: Command) -> bool:
    process = command.process
    return process.state in ("S", "D") and "fuse" in process.kernel_stack


@contextmanager
def request_in_flight(
    machine: Machine,
    target: str,
    argv: Sequence[str] | None = None,
    timeout: float = 20.0,
) -> Iterator[Command]:
    """A command waits for an answer of the mount on `target`, which a fault keeps back.

    By default it asks for a name that no cache knows. Other commands are started again while a
    cache answers them. Proven by the command's kernel stack and by the count of requests of the
    FUSE connection. At the end the command is killed, which takes effect when the fault is over.
    """
    waiting = machine.fuse_connection(target) / "waiting"
    words = list(argv or ["stat", f"{target}/.absent-{uuid.uuid4()}"])
    deadline = time.monotonic() + timeout
    while True:
        command = machine.popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_condition(
                lambda: command.poll() is not None or _blocked_in_fuse(command),
                f"{words} waits for {target}",
                timeout,
            )
            if command.poll() is None:
                if not int(waiting.read_text()):
                    raise AssertionError(f"no request waits on {target}")
                yield command
                return
            if time.monotonic() > deadline:
                raise ConditionTimeout(f"{words} was answered, no fault keeps {target} back")
        finally:
            command.end()
