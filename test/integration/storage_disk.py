# SPDX-License-Identifier: BSD-2-Clause
"""A disk as Ganeti's node daemon drives it, one GlusterStorage of a driver, and looks at it."""

from itertools import count
from pathlib import Path

import pytest
from driver import REAL_DIR, Driver, LibraryError
from testbed import Client, Mount, Process, Volume

MIB = 1 << 20
IMAGE_MIB = 4
_NAMES = count()


class Disk:
    """One object of the library, as the node daemon makes one for each request."""

    def __init__(self, driver: Driver, volume: Volume | str, disk: str) -> None:
        self.driver = driver
        self.name = f"disk{next(_NAMES)}"
        source = volume.source if isinstance(volume, Volume) else volume
        driver("disk", self.name, source, disk)

    def __call__(self, *words: object) -> object:
        """The answer to a call of the object. Raises LibraryError."""
        return self.driver("on", self.name, *words)

    def error(self, *words: object) -> LibraryError:
        """The error that a call must give."""
        with pytest.raises(LibraryError) as error:
            self(*words)
        return error.value

    def outcome(self, *words: object) -> object:
        """The answer, or the code of the error."""
        try:
            return self(*words)
        except LibraryError as error:
            return error.code

    def drop(self) -> None:
        """Ends the object, as the end of a request does."""
        self.driver("drop", self.name)


def make_image(driver: Driver, volume: Volume, disk: str) -> None:
    """Creates an image of IMAGE_MIB in one request."""
    with_image = Disk(driver, volume, disk)
    with_image("create", IMAGE_MIB)
    with_image.drop()


def image_path(disk: str) -> str:
    """Where a machine has the image while the volume is mounted."""
    return f"{REAL_DIR}/{disk}"


def brick_files(volume: Volume, disk: str) -> list[Path]:
    """The image's files on the bricks that have it, as the host opens them."""
    files = (brick.node.path(f"{brick.path}/{disk}") for brick in volume.bricks)
    return [file for file in files if file.exists()]


def the_mount(client: Client) -> tuple[Mount, Process]:
    """The one mount of a volume and who serves it; a second mount is never the same."""
    (row,) = client.fuse_mounts()
    return row, client.fuse_client(REAL_DIR)
