# SPDX-License-Identifier: BSD-2-Clause
"""A machine with Ganeti's programs, which dpkg and our tool may change."""

from collections.abc import Iterator
from contextlib import contextmanager

from testbed import Client, Command

ROOT = "/usr/share/ganeti"
MODULE = "ganeti/storage/gluster.py"
IN_FORCE = f"{ROOT}/3.0/{MODULE}"
PID_FILE = "/run/ganeti/ganeti-noded.pid"

# What a node daemon does, with the folder of its program first on the path.
_AS_DAEMON = f"""
import sys
sys.path[0] = "{ROOT}/3.0"
import ganeti.server.noded
from ganeti import constants, errors
from ganeti.storage import bdev, container, gluster
"""


class GanetiMachine:
    """Runs commands and Ganeti's Python, and looks at what dpkg and the file system have."""

    def __init__(self, machine: Client) -> None:
        self.machine = machine
        # dpkg makes links of what it replaces, which a layer over the host's folder does not bear.
        self.shell(
            f"cp -a {ROOT} /run/copy; mount -t tmpfs -o mode=755 own {ROOT}\n"
            f"cp -a /run/copy/. {ROOT}; rm -r /run/copy"
        )

    def run(self, *words: str) -> str:
        return self.machine.run(words).stdout

    def shell(self, script: str) -> str:
        return self.run("sh", "-euc", script)

    def read(self, path: str) -> str:
        return self.machine.path(path).read_text()

    def exists(self, path: str) -> bool:
        return self.machine.path(path).exists()

    def python(self, script: str) -> str:
        """What a script prints that finds everything as a node daemon does."""
        return self.run("/usr/bin/python3", "-B", "-c", _AS_DAEMON + script)

    def loaded(self) -> str:
        """Whose class a new node daemon would use."""
        return self.python("print(bdev.DEV_MAP[constants.DT_GLUSTER].__module__)").strip()

    def verify(self) -> str:
        return self.run("dpkg", "--verify", "ganeti-3.0")

    def diversions(self) -> str:
        return self.run("dpkg-divert", "--list", "*gluster*")

    @contextmanager
    def daemon(self) -> Iterator[Command]:
        """A process that has loaded what a node daemon loads, and is known as the node daemon."""
        script = f"{_AS_DAEMON}import signal\nprint('ready', flush=True)\nsignal.pause()\n"
        words = ["/usr/bin/python3", "-B", "-c", script, "ganeti-noded"]
        daemon = self.machine.popen(words, stdout=-1)
        try:
            assert daemon.stdout is not None and daemon.stdout.readline() == "ready\n"
            self.machine.write_file(PID_FILE, f"{daemon.process.namespace_pids[-1]}\n")
            yield daemon
        finally:
            daemon.end()
            self.machine.path(PID_FILE).unlink(missing_ok=True)
