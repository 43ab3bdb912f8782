# SPDX-License-Identifier: BSD-2-Clause
"""Processes as the host sees them, identified by pid and start time."""

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from .waiting import await_condition

# What /proc answers with when the process ends while it is being looked at.
GONE = (FileNotFoundError, ProcessLookupError)


def _stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on (the name may hold spaces)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@dataclass(frozen=True)
class Process:
    """One process; a recycled pid is never taken for it."""

    pid: int
    start_time: int
    argv: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def find(cls, pid: int) -> "Process | None":
        """The process that has this pid on the host now."""
        try:
            start_time = int(_stat_fields(pid)[19])
            argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]
        except GONE:
            return None
        return cls(pid, start_time, tuple(os.fsdecode(word) for word in argv))

    @property
    def name(self) -> str:
        """The name of the program, without its folder."""
        return os.path.basename(self.argv[0]) if self.argv else ""

    @property
    def state(self) -> str:
        """The state letter of /proc/PID/stat; "" if the process is gone."""
        try:
            fields = _stat_fields(self.pid)
        except GONE:
            return ""
        return fields[0] if int(fields[19]) == self.start_time else ""

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - self.start_time / os.sysconf("SC_CLK_TCK")

    @property
    def running(self) -> bool:
        """Whether it exists and is no zombie."""
        return self.state not in ("", "Z", "X")

    @property
    def namespace_pids(self) -> tuple[int, ...]:
        """Its pid in each pid namespace, from the host's to its own."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except GONE:
            return ()
        line = next(line for line in status.splitlines() if line.startswith("NSpid:"))
        return tuple(int(pid) for pid in line.split()[1:])

    @property
    def kernel_stack(self) -> str:
        """The kernel functions it sleeps in, innermost first."""
        try:
            return Path(f"/proc/{self.pid}/stack").read_text()
        except GONE:
            return ""

    def thread_states(self) -> set[str]:
        """The state letters of all its threads."""
        states = set()
        try:
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                stat = Path(f"/proc/{self.pid}/task/{thread}/stat").read_text()
                states.add(stat.rpartition(")")[2].split()[0])
        except GONE:
            pass
        return states

    def children(self) -> list["Process"]:
        """Its children now."""
        try:
            text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except GONE:
            return []
        return [child for pid in text.split() if (child := Process.find(int(pid)))]

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to exactly this process; nothing happens if it is gone."""
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if self.state:
                signal.pidfd_send_signal(descriptor, number)
        except ProcessLookupError:
            pass
        finally:
            os.close(descriptor)

    def kill(self, number: signal.Signals = signal.SIGKILL, timeout: float = 20.0) -> None:
        """Kills it and returns when it does not run any more."""
        self.send(number)
        self.await_end(timeout)

    def await_end(self, timeout: float = 20.0) -> None:
        """Returns when it does not run any more."""
        await_condition(lambda: not self.running, f"{self} ended", timeout)

    def stop(self) -> None:
        """Stops it and returns when the kernel says that every thread is stopped."""
        self.send(signal.SIGSTOP)
        await_condition(lambda: self.thread_states() == {"T"}, f"{self} stopped")

    def resume(self) -> None:
        """Continues it and returns when no thread is stopped any more."""
        self.send(signal.SIGCONT)
        await_condition(lambda: "T" not in self.thread_states(), f"{self} continued")

    def __str__(self) -> str:
        return f"process {self.pid} ({' '.join(self.argv)[:80]})"


def _pid_namespace(pid: int) -> str:
    """Which pid namespace a process belongs to; "" if that is not for us to know."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except (PermissionError, *GONE):
        return ""


def processes_in_pid_namespace(init: Process) -> list[Process]:
    """The processes of the pid namespace that `init` belongs to, zombies included."""
    namespace = _pid_namespace(init.pid)
    if not namespace:
        return []
    pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    found = (Process.find(pid) for pid in pids if _pid_namespace(pid) == namespace)
    return [process for process in found if process]
