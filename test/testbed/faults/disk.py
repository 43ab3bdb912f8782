# SPDX-License-Identifier: BSD-2-Clause
"""A brick without room."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..volume import Brick


def _free_bytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


@contextmanager
def full_brick(brick: Brick) -> Iterator[None]:
    """The file system of a brick has not one free block."""
    folder = brick.node.path(brick.path).parent
    filler = folder / "filler"
    descriptor = os.open(filler, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        # ext4 keeps what a refused request got: asking for all that is free takes all of it.
        try:
            os.posix_fallocate(descriptor, 0, _free_bytes(folder))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
        if _free_bytes(folder):
            raise AssertionError(f"the file system of {brick} is not full")
        yield
    finally:
        os.close(descriptor)
        filler.unlink()
        if not _free_bytes(folder):
            raise AssertionError(f"the file system of {brick} is still full")
