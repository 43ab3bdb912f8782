# SPDX-License-Identifier: BSD-2-Clause
"""One machine of the testbed: a set of namespaces with a name and addresses."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .commands import CLEAN_ENVIRONMENT, Command, run_command
from .mounts import Mount, mounts_of
from .network import Addresses
from .processes import Process, processes_in_pid_namespace


@dataclass(frozen=True)
class FuseClient:
    """A `glusterfs` process that serves a FUSE mount."""

    process: Process
    target: str


def _mount_target(process: Process) -> str:
    """The mount point in a FUSE client's command line (its last word); "" for other daemons."""
    if process.name != "glusterfs" or not process.running:
        return ""
    last = process.argv[-1]
    return last if len(process.argv) > 1 and last.startswith("/") else ""


class Machine:
    """Runs commands in one machine and tells what is in it."""

    def __init__(self, name: str, init: Process, address: Addresses, log_folder: Path) -> None:
        self.name = name
        self.init = init
        self.address = address
        self.log_folder = log_folder

    def enter(self) -> list[str]:
        """The words that put a command into the machine; it dies with the nsenter before it."""
        return ["nsenter", f"--target={self.init.pid}", "--mount", "--uts", "--net", "--pid",
                "--wdns=/", "--", "setpriv", "--pdeathsig", "KILL", "--"]

    def run(
        self,
        argv: Sequence[str],
        *,
        check: bool = True,
        timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
        input: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command with a clean environment plus `env` and returns its text.

        Raises CommandError if it fails and `check` is set, subprocess.TimeoutExpired (and the
        command is killed) after `timeout` seconds.
        """
        return run_command(
            self.enter(),
            argv,
            check=check,
            timeout=timeout,
            env=env,
            input=input,
            pass_fds=pass_fds,
        )

    def popen(
        self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, **options: Any
    ) -> Command:
        """Starts a command with a clean environment plus `env`; `options` are those of Popen.

        The caller ends it (`Command.end`) before the test is over.
        """
        options.setdefault("stdin", subprocess.DEVNULL)
        environment = {**CLEAN_ENVIRONMENT, **(env or {})}
        return Command(self.enter(), argv, env=environment, **options)

    def path(self, path: str) -> Path:
        """A path of this machine as the host can open it, without a command.

        Absolute symbolic links on the way lead to the host's root; /var/run is one.
        """
        return Path(f"/proc/{self.init.pid}/root") / path.lstrip("/")

    def write_file(self, path: str, text: str) -> None:
        """Replaces the text of a file of this machine."""
        self.path(path).write_text(text)

    def mounts(self) -> list[Mount]:
        """The machine's mount table."""
        return mounts_of(self.init.pid)

    def fuse_mounts(self) -> list[Mount]:
        """The rows of fuse.glusterfs in the machine's mount table."""
        return [mount for mount in self.mounts() if mount.filesystem == "fuse.glusterfs"]

    def processes(self) -> list[Process]:
        """Every process of the machine but its init, zombies included."""
        return [item for item in processes_in_pid_namespace(self.init) if item != self.init]

    def processes_named(self, name: str) -> list[Process]:
        """The running processes whose program has this name."""
        return [item for item in self.processes() if item.name == name and item.running]

    def fuse_clients(self) -> list[FuseClient]:
        """The FUSE clients of the machine with their mount points."""
        return [
            FuseClient(process, target)
            for process in self.processes()
            if (target := _mount_target(process))
        ]

    def fuse_client(self, target: str) -> Process:
        """The one FUSE client of a mount point; LookupError if there is none or are several."""
        found = [item.process for item in self.fuse_clients() if item.target == target]
        if len(found) != 1:
            raise LookupError(f"{len(found)} FUSE clients serve {target} on {self.name}")
        return found[0]

    def fuse_connection(self, target: str) -> Path:
        """The folder of a mount's FUSE connection (`waiting`, `abort`), as the host opens it."""
        rows = [mount for mount in self.fuse_mounts() if mount.target == target]
        if not rows:
            raise LookupError(f"nothing of GlusterFS is mounted on {target} on {self.name}")
        return self.path(f"/sys/fs/fuse/connections/{rows[-1].device[1]}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"
