# SPDX-License-Identifier: BSD-2-Clause
"""A machine with Ganeti's programs and an installed build, all of it private to the machine."""

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from subprocess import CompletedProcess
from typing import Any

import pytest
from ganeti_machine import IN_FORCE, MODULE, ROOT, GanetiMachine
from testbed import Client, Cluster

TOOL = "/usr/local/sbin/ganeti-gluster"
STOCK = f"{IN_FORCE}.ganeti-stock"
LIBRARY = "/usr/local/lib/x86_64-linux-gnu/libganeti-gluster.so.*"


class SwitchedNode(GanetiMachine):
    """Runs our tool and Ganeti's Python, and looks at what dpkg and the file system have."""

    def __init__(self, machine: Client) -> None:
        super().__init__(machine)
        build = os.environ["GANETI_GLUSTER_BUILD"]
        self.run("meson", "install", "-C", build, "--no-rebuild", "--quiet")
        self.run("ldconfig")
        self.stock = self.read(IN_FORCE)
        self.ours = self.read("/usr/local/share/ganeti-gluster/gluster.py")
        changed = self.verify()
        assert not changed, changed

    def tool(self, *words: str, status: int = 0) -> str:
        """What our tool says, to standard output and then to standard error."""
        result = self._run_tool(words, status)
        return result.stdout + result.stderr

    def ask(self, *words: str, status: int = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._run_tool([*words, "--json"], status).stdout)
        return answer

    def _run_tool(self, words: Sequence[str], status: int) -> "CompletedProcess[str]":
        # Each command runs Python some times, and dpkg.
        result = self.machine.run([TOOL, *words], check=False, timeout=300)
        assert result.returncode == status, result
        return result

    def left(self) -> list[str]:
        """What an installation that is switched off has no use for."""
        words = ["-name", "*ganeti-stock*", "-o", "-name", "*ganeti-gluster*"]
        state = ["/run/ganeti-gluster", "/var/lib/ganeti-gluster"]
        found = self.run("find", ROOT, *words).split()
        return found + [path for path in state if self.exists(path) and self.run("ls", "-A", path)]

    def is_off(self) -> bool:
        """Whether everything is as if we had never been there."""
        return (self.read(IN_FORCE), self.verify(), self.diversions(), self.left()) == (
            self.stock,
            "",
            "",
            [],
        )

    def is_on(self) -> bool:
        texts = (self.read(IN_FORCE), self.read(STOCK))
        return texts == (self.ours, self.stock) and "by ganeti-gluster" in self.diversions()

    def build_package(self, version: str, change: str) -> str:
        """A package of Ganeti's Python as it is here, but for a script that changes it."""
        folder = f"/run/package-{version}"
        self.shell(
            f"mkdir -p {folder}/DEBIAN; cd {folder}\n"
            f"dpkg -L ganeti-3.0 | grep ^{ROOT}/3.0/ | tar -cP --no-recursion -T - | tar -x\n"
            f"{change}\n"
            "find usr -type f -exec md5sum {} + >DEBIAN/md5sums\n"
            f"printf %s {shlex.quote(_control(version))} >DEBIAN/control\n"
            f"dpkg-deb --build {folder} {folder}.deb; rm -r {folder}"
        )
        return f"{folder}.deb"

    @contextmanager
    def broken_library(self, replacement: str) -> Iterator[None]:
        """Python finds this file for our library; "" is none at all. The tool has its own."""
        self.shell(f"mkdir /run/aside; mv {LIBRARY} /run/aside/")
        if replacement:
            soname = "$(basename /run/aside/*.so.?)"
            self.shell(f"cp {replacement} {LIBRARY.rsplit('/', 1)[0]}/{soname}")
        yield
        folder = LIBRARY.rsplit("/", 1)[0]
        self.shell(f"rm -f {LIBRARY}; mv /run/aside/* {folder}/; rm -r /run/aside")


def _control(version: str) -> str:
    return (
        f"Package: ganeti-3.0\nVersion: {version}\nArchitecture: all\n"
        "Maintainer: nobody <nobody@example.com>\nDescription: Python of Ganeti\n"
    )


def disk_script(action: str) -> str:
    """A Python script that does something with `disk`, and prints what is raised."""
    return (
        "disk = gluster.GlusterStorage(('file', 'ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0'),"
        " [], 64, {}, {})\n"
        f"try:\n  print({action})\n"
        "except errors.BlockDeviceError as err:\n  print('refused:', err)\n"
    )


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A cluster whose client has Ganeti's programs and an installed build to itself."""
    with Cluster(nodes=1, clients=1, private_root=True) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def installed(own_cluster: Cluster) -> SwitchedNode:
    return SwitchedNode(own_cluster.client)


@pytest.fixture
def node(installed: SwitchedNode) -> Iterator[SwitchedNode]:
    """The same, switched off before the test and after it."""
    assert installed.is_off()
    yield installed
    installed.tool("disable")
    assert installed.is_off() and not installed.machine.clean_up()
