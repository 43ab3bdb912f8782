# SPDX-License-Identifier: BSD-2-Clause
"""A node of a Ganeti cluster: commands, and the node daemon."""

import re
import shlex
import signal
import subprocess

from .ganeti_setup import DOMAIN
from .node import Node
from .processes import Process

_PID_FILE = "/run/ganeti/ganeti-noded.pid"
_NODED_LOG = "/var/log/ganeti/node-daemon.log"


class GanetiNode(Node):
    """A Gluster node that is a Ganeti node as well."""

    @property
    def full_name(self) -> str:
        """What Ganeti calls it."""
        return f"{self.name}.{DOMAIN}"

    def gnt(
        self, command: str, *words: str, check: bool = True, timeout: float = 180.0
    ) -> subprocess.CompletedProcess[str]:
        """Runs `gnt-COMMAND WORDS`; CommandError if it fails and `check` is set."""
        return self.run([f"gnt-{command}", *words], check=check, timeout=timeout)

    def gnt_confirmed(
        self, command: str, *words: str, check: bool = True, timeout: float = 180.0
    ) -> subprocess.CompletedProcess[str]:
        """The same for a command that asks on the terminal; all its text is in `stdout`.

        Without a terminal such a command exits with 1 and says nothing.
        """
        line = shlex.join([f"gnt-{command}", *words])
        return self.run(
            ["script", "-qec", line, "/dev/null"], check=check, timeout=timeout, input="y\n"
        )

    def submit(self, command: str, verb: str, *words: str) -> str:
        """Submits one job and returns its number at once, for `gnt("job", "wait", number)`."""
        result = self.gnt(command, verb, "--submit", *words)
        output = result.stdout + result.stderr
        found = re.search(r"^(?:JobID: )?(\d+)\b", output, re.MULTILINE)
        if found is None:
            raise LookupError(f"gnt-{command} {verb} named no job: {output!r}")
        return found[1]

    def noded(self) -> Process:
        """The running node daemon, not one of its requests; LookupError if there is none."""
        try:
            wanted = int(self.path(_PID_FILE).read_text())
        except FileNotFoundError:
            wanted = 0
        for process in self.processes():
            if process.running and process.namespace_pids[-1:] == (wanted,):
                return process
        raise LookupError(f"no node daemon on {self.name}")

    def noded_log(self) -> str:
        """What the node daemon has written so far."""
        return self.path(_NODED_LOG).read_text(errors="replace")

    def daemon_util(self, *words: str) -> None:
        """Runs Ganeti's `daemon-util WORDS`."""
        self.run(["/usr/lib/ganeti/daemon-util", *words])

    def restart_noded(self) -> Process:
        """Stops the node daemon in good order and starts it; returns when it listens."""
        self.daemon_util("stop", "ganeti-noded")
        return self.start_noded()

    def start_noded(self) -> Process:
        """Starts the node daemon and returns when it listens."""
        self.daemon_util("start", "ganeti-noded")
        return self.noded()

    def kill_noded(self) -> None:
        """Kills the node daemon, but not the requests that it forked."""
        self.noded().kill(signal.SIGKILL)

    def boot(self) -> None:
        """Starts what a node runs, in the order that Ganeti needs."""
        self.run(["mkdir", "-m", "755", "-p", "/run/gluster", "/run/ganeti"])
        self.run(["mkdir", "-m", "1777", "-p", "/run/lock"])
        self.start_glusterd()
        self.run(["service", "ssh", "start"])
        self.daemon_util("start-all")
