# SPDX-License-Identifier: BSD-2-Clause
"""A disk of which nothing can be told keeps the cause, and is let go all the same."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, await_error
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files, image_path
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import refusing_address, without_quorum

PATHS_FILE = "/etc/ganeti/file-storage-paths"
SETTINGS = '[all]\nprobe_timeout = "500ms"\nmount_timeout = "4s"\nlock_timeout = "500ms"\n'
OTHER = "ganeti/11111111-2222-4333-8444-555555555555.0"
USES = ("assemble", "open", "size", "info", "label", "set-info x", "grow 1", "check-grow 1")


@dataclass
class Bed:
    """What a fault is made with; what it puts on the stack is undone at its end."""

    cluster: Cluster
    client: Client
    volume: Volume
    other_volume: Volume
    driver: Driver
    disk: str
    stack: ExitStack = field(default_factory=ExitStack)

    def keep_mounted(self) -> None:
        """The volume stays mounted by a lease of its own."""
        self.driver("mount", self.volume.source)
        self.stack.callback(self.driver, "release")

    def run(self, command: str, undo: str) -> None:
        """A shell command on the client, and the one that undoes it; $1 is the image."""
        words = ["sh", image_path(self.disk)]
        self.stack.callback(self.client.run, ["sh", "-c", undo, *words])
        self.client.run(["sh", "-c", command, *words])

    def allow(self, *paths: str) -> None:
        self.stack.callback(self.client.write_file, PATHS_FILE, f"{STORAGE_DIR}\n")
        self.client.write_file(PATHS_FILE, "".join(f"{path}\n" for path in paths))


# Gives the source that the disk is used with.
Fault = Callable[[Bed], str]
FAULTS: dict[str, tuple[Fault, str]] = {}


def fault(code: str) -> Callable[[Fault], Fault]:
    """A fault and the code of the error that it gives."""

    def add(make: Fault) -> Fault:
        FAULTS[make.__name__] = (make, code)
        return make

    return add


@fault("MOUNT_FAILED")
def nothing_listens(bed: Bed) -> str:
    # The servers that the volume named when it was mounted would serve as well.
    bed.client.run(["find", "/var/lib/ganeti-gluster", "-mindepth", "1", "-delete"])
    return f"{bed.stack.enter_context(refusing_address(bed.cluster)).ipv4}:/gv0"


@fault("UNREACHABLE")
def quorum_lost(bed: Bed) -> str:
    bed.keep_mounted()
    bed.stack.callback(bed.client.await_answer, REAL_DIR)
    bed.stack.enter_context(without_quorum(bed.volume))
    await_condition(lambda: not bed.client.answers(REAL_DIR), "the client has noticed")
    await_error(bed.driver, "check")  # the last good answer is too old to count
    return bed.volume.source


@fault("WRONG_VOLUME")
def another_volume_mounted(bed: Bed) -> str:
    bed.client.mount(bed.other_volume.source, REAL_DIR)
    bed.stack.callback(bed.client.unmount, REAL_DIR)
    return bed.volume.source


@fault("PATH_NOT_ALLOWED")
def no_path_allowed(bed: Bed) -> str:
    bed.allow()
    return bed.volume.source


@fault("PATH_NOT_ALLOWED")
def another_path_allowed(bed: Bed) -> str:
    bed.allow(f"{STORAGE_DIR}-2", f"{STORAGE_DIR}/ganeti/elsewhere")
    return bed.volume.source


@fault("UNFINISHED_IMAGE")
def unfinished_image(bed: Bed) -> str:
    bed.keep_mounted()
    bed.run('chmod 0200 "$1"', undo='test ! -e "$1" || chmod 0600 "$1"')
    return bed.volume.source


@fault("NOT_AN_IMAGE")
def folder_as_image(bed: Bed) -> str:
    bed.keep_mounted()
    bed.run('mv "$1" "$1-aside" && mkdir "$1"', undo='rmdir "$1" && mv "$1-aside" "$1"')
    return bed.volume.source


@pytest.fixture
def bed(
    cluster: Cluster,
    client: Client,
    volume: Volume,
    other_volume: Volume,
    drivers: Callable[..., Driver],
    image: str,
) -> Bed:
    """A disk that an earlier request assembled; somebody has unmounted the volume since."""
    client.write_file("/etc/ganeti/gluster.toml", SETTINGS)
    driver = drivers()
    start = Disk(driver, volume, image)
    start("assemble")
    start.drop()
    client.unmount(REAL_DIR)
    assert set(driver("holds")) == {image}
    return Bed(cluster, client, volume, other_volume, driver, image)


@pytest.mark.parametrize("name", FAULTS)
def test_the_cause_is_kept_and_the_disk_is_let_go_all_the_same(
    bed: Bed, drivers: Callable[..., Driver], name: str
) -> None:
    make, code = FAULTS[name]
    with bed.stack:
        storage = Disk(drivers(), make(bed), bed.disk)
        error = storage.error("attach")
        assert error.code == code
        assert storage("state") == "failed"
        assert storage("device-path") == f"/dev/null{STORAGE_DIR}/{bed.disk}"
        for let_go in ("", "close", "shutdown"):
            if let_go:
                assert storage(let_go)
                assert storage.driver("holds") == {}
                assert storage("state") == "failed"
            for use in USES:
                assert (use, storage.error(use).message) == (use, error.message)
            assert storage.outcome("rename", OTHER) == code
            assert storage("device-path") == f"/dev/null{STORAGE_DIR}/{bed.disk}"
            assert (storage.driver("holds") == {}) == bool(let_go)
    # Afresh: the failed mount itself is remembered for some seconds, but not for another source.
    again = storage if name != "nothing_listens" else Disk(drivers(), bed.volume, bed.disk)
    assert again("attach") is True
    assert (again("state"), again("size")) == ("attached", IMAGE_MIB * MIB)
    assert again("device-path") == f"{STORAGE_DIR}/{bed.disk}"


@pytest.mark.parametrize("attached", [True, False], ids=["after_an_attempt", "at_once"])
@pytest.mark.parametrize("name", [name for name in FAULTS if name != "unfinished_image"])
def test_what_cannot_be_reached_is_never_told_as_removed(
    bed: Bed, drivers: Callable[..., Driver], name: str, attached: bool
) -> None:
    make, code = FAULTS[name]
    with bed.stack:
        storage = Disk(drivers(), make(bed), bed.disk)
        if attached:
            assert storage.outcome("attach") == code
        for _ in range(2):
            assert storage.outcome("remove") == code
        assert set(storage.driver("holds")) == {bed.disk}
        assert len(brick_files(bed.volume, bed.disk)) == 3
    assert Disk(drivers(), bed.volume, bed.disk)("size") == IMAGE_MIB * MIB


@pytest.mark.parametrize("attached", [True, False], ids=["after_an_attempt", "at_once"])
def test_an_unfinished_image_is_removed(
    bed: Bed, drivers: Callable[..., Driver], attached: bool
) -> None:
    with bed.stack:
        storage = Disk(drivers(), unfinished_image(bed), bed.disk)
        if attached:
            assert storage.outcome("attach") == "UNFINISHED_IMAGE"
        assert storage("space")["size_bytes"] > 0
        assert storage("remove") is True
        assert storage("state") == "absent"
        assert storage("device-path") == f"{STORAGE_DIR}/{bed.disk}"
        assert storage.driver("holds") == {}
        assert brick_files(bed.volume, bed.disk) == []
        assert storage.outcome("size") == "ENOENT"
        assert storage("remove") is False


def test_a_failed_disk_can_be_created(bed: Bed, drivers: Callable[..., Driver]) -> None:
    with bed.stack:
        storage = Disk(drivers(), unfinished_image(bed), bed.disk)
        assert storage.outcome("attach") == "UNFINISHED_IMAGE"
        storage("create", 1)
        assert (storage("state"), storage("size")) == ("attached", MIB)


NONE = f"No paths are valid or path file '{PATHS_FILE}' was not accessible."
POLICIES = {
    "missing": ("", NONE),
    "empty": ("\n# nothing\n", NONE),
    "of_others": ("/srv/images\n", "Path '{path}' is not acceptable for file storage"),
    "the_image_itself": ("{path}\n", "Path '{path}' is not acceptable for file storage"),
    "forbidden": ("/etc/ganeti/gluster\n", "Path '{path}' uses a forbidden prefix"),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_path_that_is_not_allowed_is_refused_in_ganetis_words_and_nothing_is_mounted(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str, policy: str
) -> None:
    storage_dir = "/etc/ganeti/gluster" if policy == "forbidden" else STORAGE_DIR
    path = f"{storage_dir}/{disk}"
    allowed, message = POLICIES[policy]
    client.path(PATHS_FILE).unlink()
    if allowed:
        client.write_file(PATHS_FILE, allowed.format(path=path))
    storage = Disk(drivers(storage_dir), volume, disk)
    for call in ("create 1", "attach", "size", "open", "space", "remove"):
        error = storage.error(call)
        assert (call, error.code) == (call, "PATH_NOT_ALLOWED")
        assert f": {message.format(path=path)}" in error.message
    for call in ("close", "shutdown"):
        assert storage(call)
    assert client.fuse_mounts() == []
    assert client.run(["test", "-e", storage_dir], check=False).returncode == 1
