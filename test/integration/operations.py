# SPDX-License-Identifier: BSD-2-Clause
"""What a worker is asked to do, step by step: stopped after, or its user killed before, a chosen request.

Tests name the moment by the system call that a mount would see instead, so that they are the same for both stores.
"""

import re
import signal
import subprocess
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from driver import Driver
from testbed import Machine, Process, await_condition
from testbed.faults import SyscallPoint

_PROTOCOL = Path(__file__).parents[2] / "lib" / "gfapi" / "protocol.hpp"
_ENUMERATION = re.search(r"enum class Operation.*?};", _PROTOCOL.read_text(), re.DOTALL)
assert _ENUMERATION
OPERATIONS = re.findall(r"^  (\w+),", _ENUMERATION[0], re.MULTILINE)
_REQUEST_BYTES = 32

# What a mount would be asked.
_SYSCALLS = {
    "find": ("openat2", "statx"),
    "open": ("openat2",),
    "open_for_reading": ("openat2",),
    "create": ("openat2",),
    "link": ("linkat",),
    "remove": ("unlinkat",),
    "space": ("fstatfs",),
    "attributes": ("statx",),
    "truncate": ("ftruncate",),
    "set_mode": ("fchmod",),
    "set_attribute": ("fsetxattr",),
    "allocate": ("fallocate",),
    "write_zeros": ("pwrite64",),
    "write": ("pwrite64",),
    "sync": ("fsync",),
    "try_lock": ("fcntl",),
}
_WORD = r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?'
_SENT = re.compile(rf"iov_len=16}}, {{iov_base={_WORD}, iov_len={_REQUEST_BYTES}}}")
_RECEIVED = re.compile(rf"{_WORD}, {_REQUEST_BYTES}, MSG_DONTWAIT, NULL, NULL\) = {_REQUEST_BYTES}")


def _operations(pattern: re.Pattern[str], trace: str) -> list[str]:
    """The operations of the requests in a trace, in their order."""
    heads = (bytes.fromhex(found.replace("\\x", "")) for found in pattern.findall(trace))
    return [OPERATIONS[int.from_bytes(head[:4], "little")] for head in heads]


def points(machine: Machine, argv: Sequence[str], commands: str) -> list[tuple[SyscallPoint, SyscallPoint]]:
    """Makes a run, and tells each of its requests: what a mount would see, and where a like run is killed before it."""
    record = f"/run/strace-{uuid.uuid4()}"
    words = ["strace", "-qq", "-xx", "-s", str(_REQUEST_BYTES), "-o", record, "-e", "trace=sendmsg"]
    machine.run([*words, "--", *argv], input=commands)
    trace = machine.path(record)
    requests = _operations(_SENT, trace.read_text())
    trace.unlink()
    counts: Counter[str] = Counter()
    found = []
    for number, operation in enumerate(requests, start=1):
        for call in _SYSCALLS.get(operation, ())[:1]:
            counts[call] += 1
            found.append((SyscallPoint(call, counts[call]), SyscallPoint("sendmsg", number)))
    return found


@contextmanager
def _tracer(machine: Machine, process: Process, *words: str) -> Iterator[Callable[[], str]]:
    """strace on the main thread of a process; gives what it has written so far."""
    record = f"/run/strace-{uuid.uuid4()}"
    options = ["-p", str(process.namespace_pids[-1]), "-xx", "-s", str(_REQUEST_BYTES), "-o", record]
    tracer = machine.popen(["strace", *options, *words], stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        yield lambda: machine.path(record).read_text()
    finally:
        tracer.end()
        process.send(signal.SIGCONT)
        machine.path(record).unlink()


def _worker(driver: Driver) -> Process:
    """The worker of a driver, which stays the same for some seconds."""
    driver("exists", f"ganeti/{uuid.uuid4()}.0")
    (worker,) = driver.workers()
    return worker


def _step_to(
    point: SyscallPoint, process: Process, pattern: re.Pattern[str], trace: Callable[[], str]
) -> None:
    """Lets a process go on that is stopped at each request, until it is the one wanted."""
    for steps in count(1):
        await_condition(
            lambda: trace().count("stopped by SIGSTOP") >= steps, f"{process} goes on to {point}"
        )
        asked = _operations(pattern, trace())
        if sum(point.name in _SYSCALLS.get(item, ()) for item in asked) == point.occurrence:
            return
        process.send(signal.SIGCONT)


@contextmanager
def stopped_after(
    machine: Machine, driver: Driver, point: SyscallPoint, command: str
) -> Iterator[None]:
    """The driver begins a command and is stopped when its worker has done a request. At the end it goes on."""
    worker, user = _worker(driver), driver.command.process
    stop = ("-e", "trace=sendmsg", "-e", "inject=sendmsg:signal=STOP")
    with _tracer(machine, user, *stop) as sent, _tracer(machine, worker, "-e", "trace=sendmsg") as answered:
        driver.send(command)
        _step_to(point, user, _SENT, sent)
        requests = [item for item in _operations(_SENT, sent()) if item != "close"]
        await_condition(lambda: answered().count(") = ") >= len(requests), f"{worker} has done it")
        yield
    driver.command.send_signal(signal.SIGCONT)


@contextmanager
def worker_stopped_before(
    machine: Machine, driver: Driver, point: SyscallPoint, command: str
) -> Iterator[Process]:
    """The driver begins a command, whose worker is stopped when it has received a request. At the end it goes on."""
    worker = _worker(driver)
    stop = ("-e", "trace=recvfrom", "-e", "inject=recvfrom:signal=STOP")
    with _tracer(machine, worker, *stop) as received:
        driver.send(command)
        _step_to(point, worker, _RECEIVED, received)
        yield worker


def killed_before(machine: Machine, source: str, point: SyscallPoint, command: str) -> None:
    """A driver that has reached a volume is killed with its worker, before that does a request."""
    with Driver(machine) as driver:
        driver("mount", source)
        with worker_stopped_before(machine, driver, point, command) as worker:
            driver.command.process.kill()
            worker.kill()
