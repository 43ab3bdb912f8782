# SPDX-License-Identifier: BSD-2-Clause
"""A guest with a kernel: a disk that it boots from, and what it tells on its console."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from instances import Instances
from testbed import GanetiCluster, GanetiNode, await_condition

# Unpacked and never installed: a kernel would change what the machine that runs the tests boots.
_KERNEL = "linux-image-cloud-amd64"
_BUSYBOX = "busybox-static"
_MODULES = ("virtio/*.ko", "block/virtio_blk.ko")
_INIT = Path(__file__).parent / "guest_init"

_MIB = 1 << 20
# The disk in MiB: what boots, what is written once, and a place for each of some rounds.
_KEPT_AT, _KEPT, _ROUNDS_AT, _ROUNDS = 24, 4, 28, 4
DISK_SIZE = _ROUNDS_AT + _ROUNDS
_PLACES = f"KEPT_AT={_KEPT_AT} KEPT={_KEPT} ROUNDS_AT={_ROUNDS_AT} ROUNDS={_ROUNDS}"
# Ganeti leaves the first serial port without a device.
_BOOT_LOADER = f"""\
default linux
label linux
kernel linux
append initrd=initrd console=ttyS1 quiet {_PLACES}
"""


def make_image(folder: Path) -> Path:
    """Makes the first part of the guest's disk: a boot loader, the kernel and the program."""
    parts = _debian()
    root = folder / "root"
    for name in ("bin", "dev", "proc"):
        (root / name).mkdir(parents=True)
    shutil.copy(parts / "busybox", root / "bin")
    (root / "bin/sh").symlink_to("busybox")
    shutil.copytree(parts / "modules", root / "modules")
    shutil.copy(_INIT, root / "init")
    archive = "find . | bin/busybox cpio -o -H newc | gzip -1 >../initrd"
    _run(["sh", "-c", archive], root)
    shutil.copy(parts / "linux", folder)
    (folder / "syslinux.cfg").write_text(_BOOT_LOADER)
    image = folder / "guest.img"
    sectors = str(_KEPT_AT * _MIB // 512)
    _run(["mformat", "-C", "-i", image.name, "-T", sectors, "-h", "16", "-s", "63", "::"], folder)
    _run(["mcopy", "-i", image.name, "linux", "initrd", "syslinux.cfg", "::"], folder)
    _run(["syslinux", "--install", image.name], folder)
    return image


def _run(argv: list[str], folder: Path) -> str:
    return subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def _debian() -> Path:
    """A folder with Debian's kernel, its modules and BusyBox; kept in the build directory."""
    kept = Path(os.environ["GANETI_GLUSTER_BUILD"]) / "guest"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as name:
            folder = Path(name)
            try:
                _download(folder)
            except subprocess.CalledProcessError:
                # The lists of packages may be missing or old.
                _run(["apt-get", "update", "-q"], folder)
                _download(folder)
            _unpack(folder).replace(kept)
    return kept


def _download(folder: Path) -> None:
    newest = _run(["apt-cache", "show", "--no-all-versions", _KERNEL], folder)
    (kernel,) = re.findall(r"^Depends: (linux-image-\S+)", newest, re.MULTILINE)
    # apt's own user cannot write here.
    as_root = ["-o", "APT::Sandbox::User=root"]
    _run(["apt-get", *as_root, "download", "-q", kernel, _BUSYBOX], folder)


def _unpack(folder: Path) -> Path:
    whole, parts = folder / "whole", folder / "parts"
    for package in folder.glob("*.deb"):
        _run(["dpkg-deb", "--extract", str(package), str(whole)], folder)
    (parts / "modules").mkdir(parents=True)
    shutil.move(whole / "bin/busybox", parts)
    (kernel,) = whole.glob("boot/vmlinuz-*")
    kernel.rename(parts / "linux")
    for pattern in _MODULES:
        for module in whole.glob(f"lib/modules/*/kernel/drivers/{pattern}"):
            shutil.move(module, parts / "modules")
    return parts


class Round(NamedTuple):
    """Checksums of what was written in one round, found in its place, and found of old."""

    number: int
    wrote: str
    found: str
    kept: str


def assert_on_image(image: Path, rounds: Sequence[Round]) -> None:
    """The image has what the guest has told. The place of a round that was cut off is left out."""
    with open(image, "rb") as disk:

        def digest(place: int, size: int) -> str:
            disk.seek(place * _MIB)
            return hashlib.sha256(disk.read(size * _MIB)).hexdigest()

        assert digest(_KEPT_AT, _KEPT) == rounds[-1].kept
        for one in rounds[1 - _ROUNDS :]:
            assert digest(_ROUNDS_AT + one.number % _ROUNDS, 1) == one.wrote


_ROUND = re.compile(r"^round (\d+) wrote (\w+) found (\w+) kept (\w+)\r?\n", re.MULTILINE)


def rounds_in(console: str) -> list[Round]:
    """The rounds that have ended by what a console tells."""
    return [Round(int(number), *sums) for number, *sums in _ROUND.findall(console)]


def _console(name: str) -> str:
    """A file of the node that has the guest."""
    return f"/run/{name}.console"


def add(ganeti: GanetiCluster, name: str, image: Path) -> None:
    """Adds and starts an instance on the first node; Ganeti itself puts the image on its disk."""
    # A busy machine copies slower than the guest writes: a second's standstill ends the migration.
    parameters = f"migration_downtime=1000,cpu_type=qemu64,kvm_extra=-serial file:{_console(name)}"
    machine = ["-H", f"kvm:{parameters}", "-B", "memory=128"]
    disk = ["-t", "gluster", "-s", f"{DISK_SIZE}m", "-O", f"os-image={image}"]
    place = ["--no-name-check", "--no-ip-check", "-n", ganeti.master.full_name]
    ganeti.master.gnt("instance", "add", *machine, *disk, *place, name)


class Guest:
    """What a running guest has told, on whatever nodes, since it was booted."""

    def __init__(self, ganeti: GanetiCluster, name: str) -> None:
        self._ganeti = ganeti
        self._name = name
        self._node = Instances(ganeti).node(name)
        self._before = ""

    def console(self) -> str:
        """All of it."""
        return self._before + self._node.path(_console(self._name)).read_text(errors="replace")

    def find(self, pattern: str) -> str | None:
        """The first group of the pattern, where the console's text has it."""
        found = re.search(pattern, self.console(), re.MULTILINE)
        return found[1] if found else None

    def rounds(self) -> list[Round]:
        """The rounds that it has ended."""
        return rounds_in(self.console())

    def await_rounds(self, count: int = 3) -> list[Round]:
        """Waits until so many more rounds have ended; returns all."""
        wanted = len(self.rounds()) + count
        try:
            await_condition(lambda: len(self.rounds()) >= wanted, "the guest goes on", 180)
        except AssertionError as err:
            raise AssertionError(f"{err}; its console:\n{self.console()}") from None
        return self.rounds()

    def migrate(self, target: GanetiNode) -> int:
        """Moves it while it runs; returns how many rounds ended before it left its node."""
        self._ganeti.master.gnt("instance", "migrate", "-f", "-n", target.full_name, self._name)
        # The rest of a line that was cut by the move is told on the other node.
        self._before = self.console()
        ended = len(self.rounds())
        self._node = target
        return ended
