# SPDX-License-Identifier: BSD-2-Clause
"""The outer namespaces below which every node lives, and the bridge that joins the nodes."""

import array
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from .commands import CLEAN_ENVIRONMENT, run_command
from .network import BRIDGE_SETUP, Addresses, link_to_bridge, machine_setup
from .processes import Process
from .waiting import await_condition

_HERE = Path(__file__).resolve().parent
_READY_TIMEOUT = 20.0


def _open_log(scratch: Path) -> BinaryIO:
    """Where what never ends writes to: not to the caller's terminal or pipe."""
    return open(scratch / "hub.log", "ab")


def _await_init(waiter: socket.socket, scratch: Path) -> Process:
    """Receives an init's message and returns the init as the host knows it."""
    waiter.settimeout(_READY_TIMEOUT)
    room = socket.CMSG_SPACE(struct.calcsize("3i"))
    message, ancillary, _flags, _address = waiter.recvmsg(16, room)
    if not message:
        reason = (scratch / "hub.log").read_text(errors="replace")
        raise RuntimeError(f"the first process of a namespace did not start: {reason}")
    credentials = array.array("i", ancillary[0][2])
    process = Process.find(credentials[0])
    if process is None:
        raise RuntimeError("the first process of a namespace ended at once")
    return process


def _ready_pair() -> tuple[socket.socket, socket.socket]:
    waiter, sender = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    waiter.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return waiter, sender


class Hub:
    """The outer pid, mount, UTS and net namespaces. When its init ends, everything below ends."""

    def __init__(self, init: Process, watchdog: Process, scratch: Path) -> None:
        self.init = init
        self.scratch = scratch
        self.watchdog = watchdog
        self._child: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, scratch: Path, *, owned: bool, keep_scratch: bool) -> "Hub":
        """Starts the hub. If `owned`, it ends with the calling process, however that ends."""
        waiter, sender = _ready_pair()
        with waiter:
            with sender, _open_log(scratch) as log:
                owner = os.getpid() if owned else 0
                child = subprocess.Popen(
                    [sys.executable, "-IS", str(_HERE / "watchdog.py"), str(sender.fileno()),
                     str(owner), str(scratch), "1" if keep_scratch else "0"],
                    pass_fds=(sender.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=CLEAN_ENVIRONMENT,
                    cwd="/",
                    start_new_session=True,
                )
            init = _await_init(waiter, scratch)
        watchdog = Process.find(child.pid)
        assert watchdog is not None
        hub = cls(init, watchdog, scratch)
        hub._child = child
        try:
            hub._set_up()
        except BaseException:
            hub.stop()
            raise
        return hub

    def _set_up(self) -> None:
        # A FUSE mount copied from the host's table would be kept alive by this namespace.
        self.run(
            ["sh", "-ec",
             "hostname hub\n"
             "mount -t sysfs sysfs /sys\n"
             "for target in $(awk '$3 ~ /^fuse/ {print $2}' /proc/mounts); do\n"
             "  umount -l \"$target\"\n"
             "done\n"],
        )
        self.run(["ip", "-batch", "-"], input=BRIDGE_SETUP)

    def enter(self) -> list[str]:
        """The words that put a command into the hub's namespaces."""
        return ["nsenter", f"--target={self.init.pid}", "--mount", "--uts", "--net", "--pid",
                "--wdns=/", "--"]

    def run(
        self, argv: Sequence[str], *, input: str | None = None, timeout: float = 30.0
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command beside the bridge; CommandError if it fails."""
        return run_command(self.enter(), argv, input=input, timeout=timeout)

    def spawn_init(self) -> Process:
        """Starts the init of a new machine in namespaces below the hub's and returns it."""
        waiter, sender = _ready_pair()
        with waiter:
            with sender, _open_log(self.scratch) as log:
                # setsid forks in the hub's pid namespace and exits, so that the hub's init
                # inherits the rest and no child of this process is left over.
                subprocess.run(
                    [*self.enter(), "setsid", "--fork",
                     "unshare", "--mount", "--uts", "--pid", "--net", "--fork", "--kill-child",
                     "--mount-proc", sys.executable, "-IS", str(_HERE / "init.py"),
                     str(sender.fileno())],
                    pass_fds=(sender.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=CLEAN_ENVIRONMENT,
                    check=True,
                )
            return _await_init(waiter, self.scratch)

    def connect(self, init: Process, name: str, address: Addresses) -> None:
        """Gives a machine its eth0, linked to the bridge."""
        for pid, batch in (
            (self.init.pid, link_to_bridge(name, init.pid)),
            (init.pid, machine_setup(address)),
        ):
            # Only the net namespace is entered: `ip` must know pids as this process does.
            subprocess.run(
                ["nsenter", f"--target={pid}", "--net", "--", "ip", "-batch", "-"],
                input=batch,
                env=CLEAN_ENVIRONMENT,
                text=True,
                check=True,
            )

    def stop(self, timeout: float = 30.0) -> None:
        """Ends everything and returns when the watchdog has cleared it away."""
        self.watchdog.send(signal.SIGTERM)
        if self._child is not None and (status := self._child.wait(timeout)):
            raise RuntimeError(f"{self.scratch} was not cleared away, watchdog's status {status}")
        await_condition(lambda: not self.watchdog.running, "the testbed cleared away", timeout)
