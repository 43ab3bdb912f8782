# SPDX-License-Identifier: BSD-2-Clause
"""File systems for bricks, each in a sparse image file."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .commands import CLEAN_ENVIRONMENT


def make_brick_image(path: Path, size: int, options: Sequence[str] = ()) -> None:
    """Makes `path` a sparse ext4 image of `size` bytes; `options` are more words for mkfs.ext4.

    Without reserved blocks, so that a brick can be filled to the last; with a small journal, as
    mkfs writes it out.
    """
    with open(path, "xb") as image:
        os.truncate(image.fileno(), size)
    words = ["mkfs.ext4", "-q", "-F", "-m", "0", "-J", "size=4", "-E", "nodiscard"]
    subprocess.run(
        [*words, *options, str(path)],
        env=CLEAN_ENVIRONMENT,
        check=True,
    )


def require_tools() -> None:
    """Raises RuntimeError that names the Debian package of each missing program."""
    packages = {
        "glusterd": "glusterfs-server",
        "mount.glusterfs": "glusterfs-client",
        "ip": "iproute2",
        "nft": "nftables",
        "mkfs.ext4": "e2fsprogs",
        "nsenter": "util-linux",
        "strace": "strace",
    }
    path = CLEAN_ENVIRONMENT["PATH"]
    missing = [item for tool, item in packages.items() if shutil.which(tool, path=path) is None]
    if missing:
        raise RuntimeError(f"not installed: {' '.join(missing)}")
    if os.geteuid() != 0:
        raise RuntimeError("the testbed needs root, for namespaces and mounts")
