# SPDX-License-Identifier: BSD-2-Clause
"""The kinds of volume that images must work on, and all that a volume's bricks hold."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from driver import REAL_DIR
from testbed import Brick, Client, ConditionTimeout, Volume, await_condition

MIB = 1 << 20


@dataclass(frozen=True)
class Kind:
    """A kind of volume that Ganeti may be given."""

    name: str
    layout: dict[str, Any] = field(default_factory=dict)  # parameters of Cluster.create_volume
    data_bricks: int = 1  # how many bricks' file systems add up to the volume's size
    spread: bool = False  # which bricks a name belongs to depends on the name


OTHER_OWNER = {"storage.owner-uid": "36", "storage.owner-gid": "36"}
SHARDED = {"features.shard": "on", "features.shard-block-size": "4MB"}
KINDS = [
    Kind("replica"),  # gv0, which is there anyway
    Kind("arbiter", {"replica": 3, "arbiter": 1}),
    Kind("distribute", {"distribute": 2}, 2, spread=True),
    # Its two sets share the bricks' file systems.
    Kind("owned", {"replica": 3, "distribute": 2, "options": OTHER_OWNER}, spread=True),
    Kind("disperse", {"disperse": 3, "redundancy": 1}, 2),
    Kind("shard", {"replica": 3, "options": SHARDED}),
]


# What a brick has for itself, without the second names that it gives to all files.
_OWN_FILES = re.compile(r"\.glusterfs/(?!../../)")


def _files(root: Path) -> dict[str, os.stat_result]:
    found = {}
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):  # removed meanwhile
                if stat.S_ISREG(path.lstat().st_mode):
                    found[str(path.relative_to(root))] = path.lstat()
    return found


def files_on_bricks(volume: Volume) -> dict[tuple[str, str], os.stat_result]:
    """Every file of each brick, by brick and path: images, shards, links between bricks.

    Also what only the brick itself still knows, as it takes space all the same, unless it is empty
    (a full brick may forget one). Not what GlusterFS has noted for removal: it takes shards away
    when it pleases, at the next mount or so.
    """
    found = {}
    for brick in volume.bricks:
        files = _files(brick.node.path(brick.path))
        noted = {path.rpartition("/")[2] for path in files if path.startswith(".shard/.remove_me/")}
        shards = [path for path in files if Path(path).name.split(".")[0] in noted]
        going = {files[path].st_ino for path in shards}
        for path, status in files.items():
            forgotten = path.startswith(".glusterfs/") and not status.st_size
            if not (forgotten or status.st_ino in going or _OWN_FILES.match(path)):
                found[str(brick), path] = status
    return found


def free_bytes(brick: Brick) -> int:
    """What is free on the file system of a brick."""
    status = os.statvfs(brick.node.path(brick.path))
    return status.f_bavail * status.f_frsize


def names_on_bricks(volume: Volume) -> dict[str, bool]:
    """The disks that bricks know, and whether some brick only knows where the data is."""
    found: dict[str, bool] = {}
    for (_, path), status in files_on_bricks(volume).items():
        if path.startswith("ganeti/"):
            only_a_link = stat.S_IMODE(status.st_mode) == stat.S_ISVTX
            found[path] = found.get(path, False) or only_a_link
    return found


def await_files(volume: Volume, expected: dict[tuple[str, str], os.stat_result]) -> None:
    """Returns when the bricks hold these files and no others."""

    def differences() -> list[tuple[str, str]]:
        return sorted(files_on_bricks(volume).keys() ^ expected.keys())

    with suppress(ConditionTimeout):
        await_condition(lambda: not differences(), "the bricks hold nothing else")
    found = differences()
    assert not found, f"too many or missing on the bricks: {found}"


def image(client: Client, disk: str, storage_dir: str = REAL_DIR) -> Path:
    """The image on a client's mount, as the host opens it."""
    return client.path(f"{storage_dir}/{disk}")


class Content:
    """What an image must contain: zeros but for the pieces that were written."""

    def __init__(self, mib: int) -> None:
        self._bytes = bytearray(mib * MIB)

    def grow(self, mib: int) -> None:
        """The image has become larger."""
        self._bytes += bytes(mib * MIB)

    def write(self, path: Path, pieces: dict[int, bytes]) -> None:
        """Writes pieces at their offsets, negative ones from the end, durably."""
        with path.open("r+b", buffering=0) as file:
            for offset, piece in pieces.items():
                start = offset % len(self._bytes)
                assert os.pwrite(file.fileno(), piece, start) == len(piece)
                self._bytes[start : start + len(piece)] = piece
            os.fsync(file.fileno())

    def differences(self, path: Path) -> list[int]:
        """The MiB in which the image is not as it must be."""
        found = path.read_bytes()
        length = max(len(found), len(self._bytes))
        starts = range(0, length, MIB)
        return [
            start // MIB
            for start in starts
            if found[start : start + MIB] != self._bytes[start : start + MIB]
        ]


@contextmanager
def little_space(bricks: list[Brick], left: int) -> Iterator[None]:
    """Only `left` bytes are free on each file system of the bricks."""
    with ExitStack() as fillers:
        for brick in {brick.node.name: brick for brick in bricks}.values():
            filler = brick.node.path(brick.path).parent / "filler"
            with filler.open("xb") as file:
                fillers.callback(filler.unlink)
                with suppress(OSError):  # ext4 keeps what a refused request got
                    os.posix_fallocate(file.fileno(), 0, free_bytes(brick) - left)
            assert free_bytes(brick) <= left
        yield
