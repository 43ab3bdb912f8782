# SPDX-License-Identifier: BSD-2-Clause
"""Every order of calls on a disk works as documented, without any earlier call and repeated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

import pytest
from driver import STORAGE_DIR, Driver
from storage_disk import IMAGE_MIB, MIB, Disk
from testbed import Client, Volume

CALLS = ("attach", "assemble", "open", "close", "shutdown", "size")
STATE = "/run/ganeti-gluster"


@dataclass
class Model:
    """What the table of gluster_storage.hpp says of one disk, called in any order."""

    image: bool
    by_mount: bool = True  # or by libgfapi, where no path is needed
    held: bool = False
    leased: bool = False
    state: str = "detached"

    def call(self, name: str) -> object:
        if name in ("close", "shutdown"):
            self.held, self.leased, self.state = False, False, "detached"
            return True
        if name == "remove":
            there, self.image = self.image, False
            self.held, self.leased, self.state = False, False, "absent"
            return there
        if name == "attach" or self.state == "detached":
            self.leased = self.leased or self.by_mount
            self.state = "attached" if self.image else "absent"
        if name == "attach":
            return self.image
        if self.state == "absent":
            return "ENOENT"
        if name == "size":
            return IMAGE_MIB * MIB
        self.held, self.leased = True, True
        return True


def check_order(
    client: Client, driver: Driver, storage: Disk, disk: str, model: Model, order: Sequence[str]
) -> None:
    """Makes the calls on a new object, ends it, and lets the disk go."""
    for done, call in enumerate(order, start=1):
        assert (order[:done], storage.outcome(call)) == (order[:done], model.call(call))
        found = (storage("state"), disk in driver("holds"), bool(client.fuse_mounts()))
        expected = (model.state, model.held, model.held or model.leased)
        assert (order[:done], found) == (order[:done], expected)
    storage.drop()
    assert (order, bool(client.fuse_mounts())) == (order, model.held)


@pytest.mark.parametrize("first", CALLS)
def test_every_order_of_calls_on_an_image_gives_what_is_documented(
    client: Client, volume: Volume, driver: Driver, image: str, first: str
) -> None:
    for rest in permutations((call for call in CALLS if call != first), 2):
        storage = Disk(driver, volume, image)
        check_order(client, driver, storage, image, Model(image=True), (first, *rest))
        assert Disk(driver, volume, image)("close")
        assert client.fuse_mounts() == []


@pytest.mark.parametrize("first", CALLS)
def test_every_order_of_calls_on_an_absent_disk_gives_what_is_documented(
    client: Client, volume: Volume, driver: Driver, disk: str, first: str
) -> None:
    for rest in permutations((call for call in CALLS if call != first), 2):
        storage = Disk(driver, volume, disk)
        check_order(client, driver, storage, disk, Model(image=False), (first, *rest))


@pytest.mark.parametrize(
    "order",
    [order for order in permutations(("open", "close", "remove", "size"), 3) if "remove" in order],
    ids="-".join,
)
@pytest.mark.parametrize("by_mount", [True, False])
def test_every_order_of_calls_with_a_removal_gives_what_is_documented(
    request: pytest.FixtureRequest,
    client: Client,
    volume: Volume,
    driver: Driver,
    image: str,
    order: tuple[str, ...],
    by_mount: bool,
) -> None:
    if not by_mount:
        request.getfixturevalue("worker")
    model = Model(image=True, by_mount=by_mount)
    check_order(client, driver, Disk(driver, volume, image), image, model, order)
    storage = Disk(driver, volume, image)
    assert storage("attach") is False


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("first", CALLS)
def test_what_needs_no_path_mounts_nothing_in_any_order_of_calls(
    client: Client, volume: Volume, worker: None, driver: Driver, image: str, first: str, there: bool
) -> None:
    disk = image if there else f"{image[:-1]}1"
    for rest in permutations((call for call in CALLS if call != first), 2):
        storage = Disk(driver, volume, disk)
        check_order(client, driver, storage, disk, Model(there, by_mount=False), (first, *rest))
        assert Disk(driver, volume, disk)("close")
        assert client.fuse_mounts() == []


@pytest.mark.parametrize("call", ["close", "shutdown", "remove"])
def test_a_disk_is_let_go_without_any_earlier_call_and_twice(
    client: Client, volume: Volume, driver: Driver, disk: str, call: str
) -> None:
    client.run(["rm", "-rf", STATE])
    answer = call != "remove"  # that tells whether there was an image
    for _ in range(2):
        storage = Disk(driver, volume, disk)
        assert [storage(call), storage(call)] == [answer, answer]
        assert client.fuse_mounts() == []
        assert driver("holds") == {}


@pytest.mark.parametrize("calls", [("close", "shutdown"), ("shutdown", "close")])
def test_letting_a_disk_go_mounts_nothing(
    client: Client, volume: Volume, driver: Driver, image: str, calls: tuple[str, str]
) -> None:
    storage = Disk(driver, volume, image)
    log = client.log_folder / "run-ganeti-gluster.log"
    before = log.read_text().count("Started running")
    for call in calls:
        assert storage(call)
    assert log.read_text().count("Started running") == before
    assert storage("size") == IMAGE_MIB * MIB
    assert log.read_text().count("Started running") == before + 1


@pytest.mark.parametrize("hold", ["assemble", "open"])
@pytest.mark.parametrize("call", ["close", "shutdown", "remove"])
def test_any_process_drops_the_hold_of_another(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    image: str,
    hold: str,
    call: str,
) -> None:
    holder, other = Disk(drivers(), volume, image), Disk(drivers(), volume, image)
    assert holder(hold) and holder(hold)
    holder.driver.end()
    assert client.fuse_mounts()
    assert other(call)
    assert other.driver("holds") == {}
    assert client.fuse_mounts() == []


def test_a_disk_is_absent_only_as_long_as_the_volume_says_so(
    volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    storage, other = Disk(drivers(), volume, disk), Disk(drivers(), volume, disk)
    assert storage("state") == "detached"
    assert (storage("attach"), storage("state")) == (False, "absent")
    assert storage("device-path") == f"{STORAGE_DIR}/{disk}"
    other("create", 1)
    for call in ("assemble", "open", "size", "info", "label", "set-info", "grow", "check-grow"):
        assert (call, storage.outcome(call, 1)) == (call, "ENOENT")
    assert storage.outcome("rename", f"{disk[:-1]}1") == "ENOENT"
    assert storage.driver("holds") == {}
    assert (storage("attach"), storage("state")) == (True, "attached")
    assert storage("device-path") == f"{STORAGE_DIR}/{disk}"
    assert other("remove")
    assert (storage("attach"), storage("state")) == (False, "absent")
    assert storage("create", 2)
    assert (storage("state"), storage("size")) == ("attached", 2 * MIB)
    assert storage("remove")


def test_a_hold_that_cannot_be_dropped_is_logged_and_stops_nothing(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    client.run(["rm", "-rf", STATE])
    client.write_file(STATE, "no folder")
    try:
        storage = Disk(driver, volume, disk)
        for call in ("close", "shutdown"):
            assert storage(call)
            assert [line for line in driver.log if f"{disk}: cannot drop the hold" in line]
        assert storage("state") == "detached"
    finally:
        client.run(["rm", STATE])
