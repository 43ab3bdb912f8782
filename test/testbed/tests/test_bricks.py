# SPDX-License-Identifier: BSD-2-Clause
"""Brick file systems other than the usual ones."""

import errno
import os

import pytest
from testbed import Cluster, GiB


def test_bricks_have_the_size_and_the_file_system_asked_for() -> None:
    options = ("-O", "^extents,^64bit", "-b", "1024")
    with Cluster(nodes=1, clients=0, brick_size=20 * GiB, brick_options=options) as cluster:
        [brick] = cluster.create_volume().bricks
        folder = brick.node.path(brick.path)
        status = os.statvfs(folder)
        assert (status.f_bsize, status.f_blocks * status.f_frsize // GiB) == (1024, 19)
        with (folder / "large").open("wb") as file:
            file.truncate(16 * GiB)
            with pytest.raises(OSError) as error:
                file.truncate(17 * GiB)
        assert error.value.errno == errno.EFBIG
