# SPDX-License-Identifier: BSD-2-Clause
"""Processes killed or stopped at a chosen system call."""

import re
import signal
import subprocess
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

from ..commands import Command
from ..machine import Machine
from ..waiting import await_condition

# "PID name(": what strace resumes or tells of signals does not begin so. No process can be
# killed at its exit.
_CALL = re.compile(r"^(\d+) +(?!exit)(\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class SyscallPoint:
    """The moment when a process enters the system call `name` for the `occurrence`-th time."""

    name: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.name} number {self.occurrence}"


def _traced(
    machine: Machine, words: Sequence[str], argv: Sequence[str], options: dict[str, Any]
) -> tuple["CompletedProcess[str]", str]:
    file = f"/run/strace-{uuid.uuid4()}"
    command = ["strace", "-f", "-qq", "-o", file, *words, "--", *argv]
    result = machine.run(command, check=False, **options)
    trace = machine.path(file)
    text = trace.read_text(errors="replace")
    trace.unlink()
    return result, text


def syscall_points(
    machine: Machine, argv: Sequence[str], syscalls: str = "all", **options: Any
) -> list[SyscallPoint]:
    """Runs `argv` and returns each point at which killed_at_syscall can kill a like run.

    In the order of the run, its execution left out. `syscalls` is a set in the syntax of
    strace's `-e trace=`, such as "%file,fsync"; `options` are those of Machine.run. Processes
    and threads of the run have points in common, as strace counts the calls of each by name.
    """
    _, text = _traced(machine, ["-e", f"trace={syscalls}"], argv, options)
    calls = _CALL.findall(text)
    # strace shows the execution of the run itself but cannot kill there, nor count it.
    if calls and calls[0][1] == "execve":
        del calls[0]
    counts: Counter[tuple[str, str]] = Counter()
    points: dict[SyscallPoint, None] = {}
    for call in calls:
        counts[call] += 1
        points[SyscallPoint(call[1], counts[call])] = None
    return list(points)


def killed_at_syscall(
    machine: Machine, argv: Sequence[str], point: SyscallPoint, **options: Any
) -> "CompletedProcess[str]":
    """Runs `argv` and kills it by SIGKILL as it enters `point`; that call is not made.

    Of a run of several processes each that comes to the point is killed. Raises AssertionError
    if none did. `options` are those of Machine.run.
    """
    inject = f"inject={point.name}:signal=KILL:when={point.occurrence}"
    words = ["-e", f"trace={point.name}", "-e", inject]
    result, text = _traced(machine, words, argv, options)
    if "+++ killed by SIGKILL +++" not in text:
        raise AssertionError(f"{list(argv)} did not come to {point}")
    return result


@contextmanager
def stopped_after_syscall(
    machine: Machine,
    command: Command,
    point: SyscallPoint,
    start: Callable[[], object],
    paths: Sequence[str] = (),
) -> Iterator[None]:
    """A running command is stopped as soon as it has made the system call `point`.

    `start` makes it begin; it is called when the call can no longer be missed. With `paths`, each
    as the kernel or as the command spells it, only calls on them count. At the end the command
    goes on.
    """
    pid = str(command.process.namespace_pids[-1])
    record = f"/run/stopped-{uuid.uuid4()}"
    inject = f"inject={point.name}:signal=STOP:when={point.occurrence}"
    words = [word for path in paths for word in ("-P", path)]
    argv = ["strace", "-p", pid, "-o", record, *words, "-e", f"trace={point.name}", "-e", inject]
    tracer = machine.popen(argv, stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        start()
        await_condition(
            lambda: "stopped by SIGSTOP" in machine.path(record).read_text(errors="replace"),
            f"{command.process} has made {point}",
        )
        yield
    finally:
        tracer.end()
        command.send_signal(signal.SIGCONT)
        machine.path(record).unlink()
