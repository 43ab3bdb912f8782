# SPDX-License-Identifier: BSD-2-Clause
"""Commands run in a machine, with limits that hold whatever the command does."""

import contextlib
import math
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .processes import Process
from .waiting import await_condition

CLEAN_ENVIRONMENT = {
    "HOME": "/root",
    "LC_ALL": "C",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}


# How long a killed command may take to end before it counts as one that cannot be killed.
_KILL_GRACE = 1.0

# How often nsenter is looked at while its end is awaited.
_WAKE_INTERVAL = 0.1


class CommandError(subprocess.CalledProcessError):
    """A command failed; the text holds what it wrote."""

    def __str__(self) -> str:
        return f"{super().__str__()}\nstdout: {self.stdout}\nstderr: {self.stderr}"


class Command(subprocess.Popen[str]):
    """A command behind nsenter, in a session of its own. Signals reach it, not nsenter.

    nsenter stops itself when the command stops. It is continued as soon as the command is not
    stopped any more, or it would not see the command's end.
    """

    def __init__(self, enter: Sequence[str], argv: Sequence[str], **options: Any) -> None:
        super().__init__(
            [*enter, "setsid", *argv], text=True, start_new_session=True, **options
        )

    def _inner(self) -> Process | None:
        entered = Process.find(self.pid)
        children = entered.children() if entered else []
        return children[0] if children else None

    @property
    def process(self) -> Process:
        """The command's own process, with its pid on the host.

        Until it is executed, its argv is that of a program that makes it ready.
        """
        if not hasattr(self, "_process"):
            self._process = await_condition(self._inner, f"{self.args} has a process")
        return Process.find(self._process.pid) or self._process

    def send_signal(self, sig: int) -> None:
        """Sends the signal to the command."""
        if self.poll() is not None:
            return
        self.process.send(signal.Signals(sig))
        if sig == signal.SIGCONT:
            super().send_signal(sig)

    def _wake(self) -> None:
        """Continues nsenter if it is stopped and the command is not."""
        entered = Process.find(self.pid)
        if entered is None or entered.state != "T":
            return
        inner = self._inner()
        if inner is None or inner.state not in ("T", "t"):
            entered.send(signal.SIGCONT)

    def poll(self) -> int | None:
        """The exit status; None while the command runs."""
        status = super().poll()
        if status is None:
            self._wake()
        return status

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the end of the command and returns its exit status."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = max(0.0, deadline - time.monotonic())
            try:
                return super().wait(min(left, _WAKE_INTERVAL))
            except subprocess.TimeoutExpired:
                if left <= _WAKE_INTERVAL:
                    raise subprocess.TimeoutExpired(self.args, timeout or 0.0) from None
                self._wake()

    def end(self) -> int:
        """Kills the command's process group if it still runs, and returns the exit status.

        nsenter is left to collect the command, as nobody inside the machine can. Only if the
        command cannot be killed, because it waits for a file system, nsenter is killed as well.
        """
        if self.poll() is None and (inner := self._inner()):
            inner.send(signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(inner.pid, signal.SIGKILL)
            self._wake()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.wait(_KILL_GRACE)
        if self.poll() is None:
            super().send_signal(signal.SIGKILL)
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                stream.close()
        return self.wait()


def run_command(
    enter: Sequence[str],
    argv: Sequence[str],
    *,
    check: bool = True,
    timeout: float = 60.0,
    env: Mapping[str, str] | None = None,
    input: str | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.CompletedProcess[str]:
    """Runs `argv` behind the words `enter` to its exit.

    Output goes to files: a daemon that keeps the descriptors open must not delay the return.
    After `timeout` the command is killed and TimeoutExpired raised, even if a process cannot be
    killed because it waits for a file system.
    """
    with contextlib.ExitStack() as files:
        stdin, stdout, stderr = (
            files.enter_context(tempfile.TemporaryFile("w+")) for _ in range(3)
        )
        stdin.write(input or "")
        stdin.seek(0)
        command = Command(
            enter,
            argv,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env={**CLEAN_ENVIRONMENT, **(env or {})},
            pass_fds=pass_fds,
        )
        expired = False
        try:
            command.wait(timeout)
        except subprocess.TimeoutExpired:
            expired = True
        finally:
            command.end()
        texts = []
        for stream in (stdout, stderr):
            stream.seek(0)
            texts.append(stream.read())
    if expired:
        raise subprocess.TimeoutExpired(argv, timeout, *texts)
    if check and command.returncode:
        raise CommandError(command.returncode, argv, *texts)
    return subprocess.CompletedProcess(argv, command.returncode, *texts)
