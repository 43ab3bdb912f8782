# SPDX-License-Identifier: BSD-2-Clause
"""A machine that uses volumes."""

import contextlib
import signal
import subprocess
import uuid
from dataclasses import dataclass, field

from .machine import FuseClient, Machine
from .mounts import Mount
from .processes import Process
from .waiting import ConditionTimeout, await_condition


@dataclass
class Leftovers:
    """What a client machine holds; every list of a clean one is empty."""

    mounts: list[Mount] = field(default_factory=list)
    fuse_clients: list[FuseClient] = field(default_factory=list)
    zombies: list[Process] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.mounts or self.fuse_clients or self.zombies or self.processes)


class Client(Machine):
    """A machine without glusterd, where volumes are mounted."""

    def mount(
        self, source: str, target: str, options: str = "", *, timeout: float = 60.0
    ) -> Process:
        """Mounts `source` (NODE:/VOLUME) on `target`, which is created, by `mount`.

        Returns the FUSE client. Raises CommandError if `mount` fails, LookupError if it says that
        it did not and no FUSE client is there.
        """
        self.run(["mkdir", "-p", target])
        words = ["-o", options] if options else []
        self.run(["mount", "-t", "glusterfs", *words, source, target], timeout=timeout)
        return self.fuse_client(target)

    def unmount(self, target: str, *, timeout: float = 20.0) -> None:
        """Unmounts `target` plainly and awaits the end of its FUSE client."""
        client = self.fuse_client(target)
        self.run(["umount", target], timeout=timeout)
        client.await_end()

    def answers(self, target: str, *, timeout: float = 5.0) -> bool:
        """Whether the volume mounted on `target` answers a question that no cache can.

        A process that asked in vain stays behind until the mount answers or is aborted.
        """
        absent = f"{target}/.absent-{uuid.uuid4()}"
        try:
            result = self.run(["stat", absent], check=False, timeout=timeout)
        except subprocess.TimeoutExpired:
            return False
        return "No such file" in result.stderr

    def await_answer(self, target: str, timeout: float = 30.0) -> None:
        """Returns when the volume mounted on `target` answers."""
        await_condition(lambda: self.answers(target), f"{target} answers", timeout)

    def leftovers(self, settle: float = 0.0) -> Leftovers:
        """What mounts and processes there are; to be compared with Leftovers() after a test.

        Processes that are ending anyway have up to `settle` seconds to do so.
        """
        with contextlib.suppress(ConditionTimeout):
            await_condition(lambda: not self._holdings(), f"{self.name} empty", settle)
        return self._holdings()

    def _holdings(self) -> Leftovers:
        processes = self.processes()
        clients = self.fuse_clients()
        serving = {client.process for client in clients}
        return Leftovers(
            mounts=self.fuse_mounts(),
            fuse_clients=clients,
            zombies=[item for item in processes if item.state == "Z"],
            processes=[item for item in processes if item.running and item not in serving],
        )

    def clean_up(self, settle: float = 5.0) -> Leftovers:
        """Kills every process, detaches every GlusterFS mount; returns the leftovers before.

        For the end of a test, so that the next one finds an empty machine whatever happened.
        """
        found = self.leftovers(settle)
        for process in self.processes():
            process.send(signal.SIGKILL)
        for mount in reversed(self.fuse_mounts()):
            self.run(["umount", "--lazy", "--no-canonicalize", mount.target], check=False)
        await_condition(lambda: not self._holdings(), f"{self.name} empty")
        return found
