# SPDX-License-Identifier: BSD-2-Clause
"""A storage dir with something else on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from cleanliness import REAL_DIR
from testbed import GanetiNode


def top_filesystem(node: GanetiNode) -> str:
    """The type of what is mounted on the storage dir, the topmost if there are several."""
    found = [mount.filesystem for mount in node.mounts() if mount.target == REAL_DIR]
    return found[-1] if found else ""


@contextmanager
def foreign_mount(node: GanetiNode) -> Iterator[None]:
    """A tmpfs on the storage dir, over the volume if that is mounted."""
    node.run(["mkdir", "-p", REAL_DIR])
    node.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    try:
        assert top_filesystem(node) == "tmpfs"
        yield
        assert top_filesystem(node) == "tmpfs"
    finally:
        node.run(["umount", REAL_DIR])
