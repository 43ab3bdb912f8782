# SPDX-License-Identifier: BSD-2-Clause
"""The image store that the tests of disks run on: mounts, or libgfapi (pytest's option --image-store).

Over libgfapi the same tests with the same assertions use a worker where they would use a lease. The settings pin it,
so that a mount that tests look through is of no use to the library.
"""

from contextlib import suppress

import pytest
from testbed import Client, CommandError, Machine
from worker_program import install_worker

SETTINGS = "/etc/ganeti/gluster.toml"
STORES = ("mount", "libgfapi")
_PINNED = 'image_store = "libgfapi"\n'
# What the driver is told instead, where it is not told to mount.
_WORDS = {"mount": "connect", "release": "disconnect"}

_chosen = STORES[0]


def choose(name: str) -> None:
    """Which store all tests of this run use."""
    global _chosen
    _chosen = name


def is_libgfapi() -> bool:
    return _chosen == "libgfapi"


def prepare(machine: Machine) -> None:
    """A machine of a cluster that has WORKER_OVERLAY gets the worker, if the tests need it."""
    if is_libgfapi():
        install_worker(machine)


def reaching(source: str) -> str:
    """The driver's command that reaches a volume."""
    return translated(f"mount {source}")


def unseen() -> set[str]:
    """System calls on a mount that are part of another request to a worker."""
    return {"mkdirat"} if is_libgfapi() else set()


def held(*disks: str) -> set[str]:
    """Which of the disks that are open have a hold: over libgfapi they are in userspace access, without any."""
    return set() if is_libgfapi() else set(disks)


def translated(line: str) -> str:
    """A command of the driver as it is for the chosen store."""
    word, _, rest = line.partition(" ")
    if not is_libgfapi():
        return line
    if word == "disk":
        return f"{line} userspace"
    return f"{_WORDS.get(word, word)} {rest}".rstrip()


class View:
    """A mount that tests look at images through, as long as a driver reaches the volume that they look at.

    It is mounted and unmounted where the library would do so if it used mounts.
    """

    _users: dict[tuple[str, str], set["View"]] = {}

    def __init__(self, machine: Machine, storage_dir: str) -> None:
        self._machine = machine
        self._target = storage_dir.replace("/var/run/", "/run/")
        self._all_users = self._users.setdefault((str(machine.init), self._target), set())

    def follow(self, line: str) -> None:
        """What becomes of it with a command of its driver."""
        word, *rest = line.split(" ")
        if word == "connect":
            self._show(rest[0])
        elif word == "disk":
            self._show(rest[1])
        elif word == "disconnect":
            self.end()

    def _show(self, source: str) -> None:
        assert isinstance(self._machine, Client)
        mounted = [row.source for row in self._machine.fuse_mounts() if row.target == self._target]
        self._all_users.add(self)
        if mounted == [source]:
            return
        with suppress(CommandError, LookupError):  # the volume may be what is ill in this test
            if mounted:
                self._machine.unmount(self._target)
            self._machine.mount(source, self._target)

    def renew(self) -> None:
        """Forgets what the mount's client knows of images."""
        (source,) = (row.source for row in self._machine.fuse_mounts() if row.target == self._target)
        self._machine.run(["umount", self._target])
        self._show(source)

    def end(self) -> None:
        """The driver needs it no more."""
        self._all_users.discard(self)
        if not self._all_users:
            with suppress(CommandError, LookupError):  # somebody else has done that, or uses it
                self._machine.run(["umount", self._target])


def pin(machine: Client, patch: pytest.MonkeyPatch) -> None:
    """Every file of settings that a test writes pins the store, as does the one that is there until then."""
    write = machine.write_file

    def write_pinned(path: str, text: str) -> None:
        if path == SETTINGS:
            text = text.replace("[all]\n", f"[all]\n{_PINNED}") if "[all]\n" in text else f"{text}\n[all]\n{_PINNED}"
        write(path, text)

    patch.setattr(machine, "write_file", write_pinned)
    write_pinned(SETTINGS, "")
