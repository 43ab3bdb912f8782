# SPDX-License-Identifier: BSD-2-Clause
"""A guest with a kernel boots from a disk by every form that QEMU takes, and nothing is ever mounted."""

import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import guest
import pytest
from testbed import GanetiCluster, GanetiNode, await_condition

DISK_TOOL = ["ganeti-gluster", "disk"]
SOCKET = "/run/guest.sock"


def said(node: GanetiNode, *words: str) -> str:
    return node.run([*DISK_TOOL, *words]).stdout.strip()


def by_uri(node: GanetiNode, disk: str, volume: list[str], stack: ExitStack) -> list[str]:
    return ["-drive", f"file={said(node, 'uri', disk, *volume)},format=raw,cache=none,if=virtio"]


def by_options(node: GanetiNode, disk: str, volume: list[str], stack: ExitStack) -> list[str]:
    options = said(node, "qemu", disk, "--node-name", "disk0", *volume)
    return ["-blockdev", options, "-device", "virtio-blk-pci,drive=disk0"]


def by_nbd(node: GanetiNode, disk: str, volume: list[str], stack: ExitStack) -> list[str]:
    server = node.popen([*DISK_TOOL, "serve", disk, "--socket", SOCKET, *volume])
    stack.callback(server.end)
    await_condition(lambda: node.path(SOCKET).exists(), "the disk is served")
    options = f"driver=raw,node-name=disk0,file.driver=nbd,file.server.type=unix,file.server.path={SOCKET}"
    return ["-blockdev", options, "-device", "virtio-blk-pci,drive=disk0"]


FORMS = (by_uri, by_options, by_nbd)


class Machine:
    """QEMU with one disk, and what its guest tells."""

    def __init__(self, node: GanetiNode, name: str, disk: list[str], stack: ExitStack) -> None:
        console = f"/run/{name}.console"
        self._console = node.path(console)
        words = ["-machine", "pc", "-accel", "tcg", "-cpu", "qemu64", "-m", "128", "-nodefaults"]
        # The guest's program tells all on the second port.
        ports = ["-display", "none", "-serial", "null", "-serial", f"file:{console}"]
        self._qemu = node.popen(["qemu-system-x86_64", *words, *ports, *disk])
        stack.callback(self._qemu.end)

    def console(self) -> str:
        return self._console.read_text(errors="replace") if self._console.exists() else ""

    def await_rounds(self, count: int) -> list[guest.Round]:
        await_condition(lambda: len(self._rounds()) >= count, "the guest goes on", 240)
        return self._rounds()

    def end(self) -> list[guest.Round]:
        """Stops it where it is, as a loss of power does; returns what it told till then."""
        self._qemu.end()
        return self._rounds()

    def _rounds(self) -> list[guest.Round]:
        return guest.rounds_in(self.console())

    def found_at_boot(self) -> str:
        (found,) = re.findall(r"^boot found (\w+)\r?$", self.console(), re.MULTILINE)
        return found


@pytest.fixture
def disk(ganeti: GanetiCluster, tmp_path: Path) -> Iterator[str]:
    """A disk that a guest boots from, made and removed without a mount."""
    node = ganeti.master
    name, volume = f"ganeti/{uuid.uuid4()}.0", ["--volume", ganeti.volume.source]
    node.run([*DISK_TOOL, "create", name, "--size", str(guest.DISK_SIZE), *volume])
    content = guest.make_image(tmp_path).read_bytes().ljust(guest.DISK_SIZE << 20, b"\0")
    (tmp_path / "disk").write_bytes(content)
    words = " ".join([*DISK_TOOL, "import", name, *volume])
    node.run(["sh", "-c", f"{words} <{tmp_path}/disk"])
    yield name
    node.run([*DISK_TOOL, "rm", "-f", name, *volume])


def test_a_guest_boots_by_each_form_and_finds_what_it_wrote_by_another(
    ganeti: GanetiCluster, disk: str
) -> None:
    node, volume = ganeti.master, ["--volume", ganeti.volume.source]
    kept = None
    for number, form in enumerate(FORMS):
        with ExitStack() as stack:
            machine = Machine(node, f"guest{number}", form(node, disk, volume, stack), stack)
            machine.await_rounds(2)
            rounds = machine.end()
            assert kept is None or machine.found_at_boot() == kept
            kept = rounds[-1].kept
            assert [one.found for one in rounds] == [one.wrote for one in rounds]
            assert {one.kept for one in rounds} == {kept}
        assert node.fuse_mounts() == []
    for brick in ganeti.volume.bricks:
        guest.assert_on_image(brick.node.path(f"{brick.path}/{disk}"), rounds)
