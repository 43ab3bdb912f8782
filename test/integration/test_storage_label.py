# SPDX-License-Identifier: BSD-2-Clause
"""What an image says of itself: written, kept up to date, shown to getfattr, and never trusted."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

import image_store
import pytest
from driver import Driver
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files, image_path
from testbed import Client, Volume

ATTRIBUTE = "user.ganeti.label"
CLUSTER = "cluster1.example.com"
INFO = "originstname+inst1.example.com"


@pytest.fixture(autouse=True)
def in_a_cluster(client: Client) -> None:
    client.write_file("/var/lib/ganeti/ssconf_cluster_name", f"{CLUSTER}\n")


@pytest.fixture
def stock_image(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    disk: str,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """An image as Ganeti's own backend makes it, with the umask that is the parameter."""
    script = """
import os, sys
os.umask(int(sys.argv[2], 8))
os.makedirs(os.path.dirname(sys.argv[1]), 0o750, exist_ok=True)
with os.fdopen(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT | os.O_EXCL), "r+b") as file:
    file.truncate(int(sys.argv[3]))
"""
    keeper = drivers()
    keeper("mount", volume.source)
    path, umask, size = image_path(disk), str(request.param), str(IMAGE_MIB * MIB)
    client.run(["/usr/bin/python3", "-IS", "-c", script, path, umask, size])
    keeper("release")
    yield disk
    Disk(drivers(), volume, disk)("remove")


def raw_label(file: os.PathLike[str]) -> str:
    """The attribute as getfattr(1) reads it."""
    return os.getxattr(file, ATTRIBUTE).decode()


def test_an_image_says_whose_it_is_and_what(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    storage = Disk(driver, volume, disk)
    before = int(time.time())
    storage("create", 3)
    after = int(time.time())
    try:
        label = storage("label")
        created = label.pop("created")
        assert before <= created <= after
        assert label == {
            "cluster": CLUSTER,
            "instance": "",
            "disk": disk,
            "disk_uuid": "uuid-of-the-disk",
            "info": "",
            "size_mib": 3,
        }
        storage("set-info", INFO)
        text = (
            f"cluster = {CLUSTER}\n"
            f"created = {datetime.fromtimestamp(created, timezone.utc):%Y-%m-%dT%H:%M:%SZ}\n"
            f"disk = {disk}\n"
            "disk_uuid = uuid-of-the-disk\n"
            f"info = {INFO}\n"
            "instance = inst1.example.com\n"
            "size_mib = 3\n"
        )
        files = [client.path(image_path(disk)), *brick_files(volume, disk)]
        assert [raw_label(file) for file in files] == [text] * 4
    finally:
        storage("remove")


def test_a_creation_of_ganeti_writes_the_whole_label_with_its_text(
    volume: Volume, driver: Driver, disk: str
) -> None:
    storage = Disk(driver, volume, disk)
    before = int(time.time())
    storage("create-bare", 3)
    after = int(time.time())
    try:
        assert storage("label") is None
        storage("assemble")
        storage("set-info", INFO, "uuid-of-the-disk")
        label = storage("label")
        assert before <= label.pop("created") <= after
        assert label == {
            "cluster": CLUSTER,
            "instance": "inst1.example.com",
            "disk": disk,
            "disk_uuid": "uuid-of-the-disk",
            "info": INFO,
            "size_mib": 3,
        }
        storage("set-info", "some-other-text")  # keeps what it does not tell
        assert storage("label") == label | {
            "info": "some-other-text",
            "created": storage("label")["created"],
        }
    finally:
        storage("remove")


def test_the_time_of_creation_is_told_by_the_creator_alone(
    volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    creator, other = Disk(drivers(), volume, disk), Disk(drivers(), volume, disk)
    creator("create-bare", 3)
    try:
        other("set-info", INFO)
        label = other("label")
        assert (label["created"], label["size_mib"]) == (None, 3)
    finally:
        creator("remove")


def test_a_creation_that_failed_makes_nobody_the_creator(
    volume: Volume, drivers: Callable[..., Driver], image: str
) -> None:
    storage = Disk(drivers(), volume, image)
    label = storage("label")
    late = Disk(drivers(), volume, image)
    assert late.outcome("create-bare", 7) == "EEXIST"
    late("set-info", INFO)
    assert late("label") == label | {"info": INFO, "instance": "inst1.example.com"}


def test_set_info_grow_and_rename_change_what_they_must_and_nothing_else(
    volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    label = storage("label")
    storage("set-info", INFO)
    label |= {"info": INFO, "instance": "inst1.example.com"}
    assert storage("label") == label
    storage("set-info", "some-other-text")  # names no instance
    label |= {"info": "some-other-text"}
    assert storage("label") == label
    storage("check-grow", 5)
    assert storage("label") == label
    storage("grow", 5)
    label |= {"size_mib": IMAGE_MIB + 5}
    assert storage("label") == label
    new = f"{image[:-1]}8"
    storage("rename", new)
    label |= {"disk": new}
    assert storage("label") == label
    storage("rename", image)
    label |= {"disk": image}
    assert Disk(driver, volume, image)("label") == label


def test_without_a_cluster_the_label_says_the_rest(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    client.path("/var/lib/ganeti/ssconf_cluster_name").unlink()
    storage = Disk(driver, volume, disk)
    storage("create", 1)
    label = storage("label")
    assert (label["cluster"], label["disk"], label["size_mib"]) == ("", disk, 1)
    assert storage("remove")


@pytest.mark.parametrize("stock_image", ["000", "022", "077"], indirect=True)
def test_an_image_without_a_label_is_used_like_any_other(
    volume: Volume, driver: Driver, stock_image: str
) -> None:
    def modes(disk: str) -> set[int]:
        return {stat.S_IMODE(file.stat().st_mode) for file in brick_files(volume, disk)}

    before = modes(stock_image)
    assert len(before) == 1
    storage = Disk(driver, volume, stock_image)
    assert storage("attach") is True
    assert (storage("size"), storage("label")) == (IMAGE_MIB * MIB, None)
    assert storage("assemble") and storage("open")
    storage("grow", 2)
    assert (storage("size"), storage("label")) == ((IMAGE_MIB + 2) * MIB, None)
    new = f"{stock_image[:-1]}8"
    storage("rename", new)
    assert storage("label") is None
    storage("set-info", INFO)
    assert storage("label") == {
        "cluster": CLUSTER,
        "instance": "inst1.example.com",
        "disk": new,
        "disk_uuid": "",
        "info": INFO,
        "size_mib": IMAGE_MIB + 2,
        "created": None,
    }
    assert modes(new) == before
    assert storage("remove")


HOSTILE = {
    "empty": b"",
    "zeros": b"\0" * 64,
    "no_text": bytes(range(256)),
    "a_screenful_of_controls": b"info = \x1b[2J\x1b]0;owned\x07\r\nhost = x\n",
    "lines_that_repeat": b"cluster = a\ncluster = b\ndisk = ganeti/../../etc/passwd\n" * 20,
    "numbers_out_of_range": b"size_mib = -99999999999999999999\ncreated = 9999-99-99T99:99:99Z\n",
    "a_huge_size": b"size_mib = 9223372036854775807\ncreated = 2262-04-12T00:00:00Z\n",
    "much_of_it": b"info = " + b"x" * 2800 + b"\n",
    "half_a_character": b"info = " + b"\xe2\x82" * 200,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_somebody_else_wrote_into_the_label_does_no_harm(
    client: Client, volume: Volume, driver: Driver, image: str, name: str
) -> None:
    storage = Disk(driver, volume, image)
    assert storage("attach")
    os.setxattr(client.path(image_path(image)), ATTRIBUTE, HOSTILE[name])
    texts = [text for text in storage("label").values() if isinstance(text, str)]
    assert not any(character < " " for text in texts for character in text)
    storage = Disk(driver, volume, image)
    assert storage("attach") and storage("assemble") and storage("open")
    storage("grow", 1)
    assert storage("size") == (IMAGE_MIB + 1) * MIB
    new = f"{image[:-1]}8"
    storage("rename", new)
    assert (storage("label")["disk"], storage("label")["size_mib"]) == (new, IMAGE_MIB + 1)
    storage("set-info", INFO)
    label = storage("label")
    assert (label["info"], label["instance"]) == (INFO, "inst1.example.com")
    written = raw_label(client.path(image_path(new)))
    assert not any(line.count(" = ") != 1 for line in written.splitlines())
    assert storage("remove")


def test_a_label_that_finds_no_room_does_no_harm(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    storage("open")
    path = client.path(image_path(image))
    os.setxattr(path, ATTRIBUTE, b"")
    for length in (2048, 512, 128, 32, 8, 2, 1):  # until not even a byte more goes into the inode
        fill(path, length)
    assert storage.outcome("set-info", INFO) == "ENOSPC"
    storage("grow", 1)
    assert [line for line in driver.log if "cannot note the new size on the image" in line]
    new = f"{image[:-1]}8"
    # GlusterFS itself notes each name of a file on its inode.
    assert storage.outcome("rename", new) == "ENOSPC"
    assert (len(brick_files(volume, image)), brick_files(volume, new)) == (3, [])
    assert set(driver("holds")) == image_store.held(image)
    assert storage("attach") is True
    assert (storage("size"), storage("info")["links"]) == ((IMAGE_MIB + 1) * MIB, 1)


def fill(path: os.PathLike[str], length: int) -> None:
    """Adds attributes of a length until the file can carry no more of them."""
    try:
        for number in range(64):
            os.setxattr(path, f"user.filler-{length}-{number}", b"x" * length)
    except OSError:
        return
    raise AssertionError("the bricks set no limit")
