# SPDX-License-Identifier: BSD-2-Clause
"""What disks contain, written and read past the code under test."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from cleanliness import REAL_DIR
from instances import Instances

MIB = 1 << 20
# What `fill` writes of a disk is less than this.
FILLED = 3 * MIB


def fill(instances: Instances, name: str, number: int = 0) -> str:
    """Writes at random into the disk of a running instance, and returns its checksum.

    There is a hole before the last bytes: whoever stops early, or at a hole, loses something.
    """
    disk = instances.node(name).path(f"{REAL_DIR}/{instances.paths(name)[number]}")
    with open(disk, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        for offset, length in ((0, MIB), (size // 2, MIB // 2), (size - 5, 5)):
            file.seek(offset)
            file.write(os.urandom(length))
        os.fsync(file.fileno())
    return digest(disk)


def digest(file: Path) -> str:
    """The checksum of a file."""
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def digests(instances: Instances, name: str, number: int = 0) -> set[str]:
    """The checksums of a gluster disk's copies; one if they are equal."""
    return {digest(image) for image in instances.images(name, number)}


def first_lines(instances: Instances, name: str, number: int = 0) -> set[str]:
    """The first lines of a gluster disk's copies, without the end of the line."""
    return {_first_line(image) for image in instances.images(name, number)}


def _first_line(file: Path) -> str:
    with open(file, "rb") as content:
        return content.readline(80).rstrip(b"\n").decode(errors="replace")


def allocated(files: Iterable[Path]) -> list[int]:
    """How many bytes of each file have space."""
    return [file.stat().st_blocks * 512 for file in files]
