# SPDX-License-Identifier: BSD-2-Clause
"""Bricks whose file system has block maps: no file above 16 GiB, and no space reserved at once."""

import os
from collections.abc import Iterator

import image_store
import pytest
from driver import Driver, LibraryError
from images import MIB, beginnings, code_of, complete, disks_on_bricks, on_bricks, put, sizes
from testbed import Client, Cluster, GiB, Volume
from worker_program import WORKER_OVERLAY


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster whose bricks are larger than any file on them can be."""
    options = ("-O", "^extents,^64bit", "-b", "1024")
    with Cluster(nodes=3, clients=1, brick_size=20 * GiB, brick_options=options, overlays=(WORKER_OVERLAY,)) as cluster:
        image_store.prepare(cluster.client)
        yield cluster


@pytest.fixture(scope="module")
def volume(cluster: Cluster) -> Volume:
    return cluster.create_volume("gv0", replica=3)


@pytest.fixture(scope="module")
def largest(volume: Volume) -> int:
    """The largest file that the file system of a brick can hold, in MiB, as the system says."""
    path = volume.bricks[0].node.path(volume.bricks[0].path).parent / "probe"
    mib = 16 * 1024
    with path.open("wb") as file:
        try:
            while True:
                file.truncate((mib + 1) * MIB)
                mib += 1
        except OSError:
            pass
    path.unlink()
    status = os.statvfs(path.parent)
    assert mib < status.f_blocks * status.f_frsize // MIB - 1024
    return mib


def test_an_image_that_no_brick_can_hold_is_refused_with_the_reason_and_leaves_nothing(
    volume: Volume, driver: Driver, disk: str, largest: int
) -> None:
    driver("mount", volume.source)
    with pytest.raises(LibraryError) as error:
        driver("create", disk, largest + 1)
    assert error.value.code == "EFBIG"
    assert "the bricks' file system cannot hold a file of that size" in error.value.message
    assert disks_on_bricks(volume) == []
    assert driver("create", disk, largest)
    assert sizes(volume, disk) == complete(volume, largest)
    assert driver("remove", disk)


def test_an_image_grows_up_to_what_the_bricks_can_hold_and_keeps_its_size_and_data_otherwise(
    client: Client, volume: Volume, driver: Driver, disk: str, largest: int
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 3)
    put(client, disk, "data")
    assert code_of(driver, "grow", disk, largest - 2) == "EFBIG"
    assert sizes(volume, disk) == complete(volume, 3)
    assert driver("grow", disk, largest - 3)
    assert code_of(driver, "grow", disk, 1) == "EFBIG"
    assert sizes(volume, disk) == complete(volume, largest)
    assert beginnings(volume, disk, 4) == ["data"] * 3
    assert driver("remove", disk)


def test_where_no_space_can_be_reserved_zeros_can_be_written(
    volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    with pytest.raises(LibraryError) as error:
        driver("create", disk, 3, "falloc")
    assert error.value.code == "EOPNOTSUPP"
    assert 'set preallocation = "full"' in error.value.message
    assert disks_on_bricks(volume) == []
    assert driver("create", disk, 3, "full")
    assert code_of(driver, "grow", disk, 2, "falloc") == "EOPNOTSUPP"
    assert sizes(volume, disk) == complete(volume, 3)
    assert driver("grow", disk, 2, "full")
    assert sizes(volume, disk) == complete(volume, 5)
    assert all(status.st_blocks * 512 >= 5 * MIB for status in on_bricks(volume, disk))
    assert driver("remove", disk)
