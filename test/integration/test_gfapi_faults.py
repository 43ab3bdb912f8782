# SPDX-License-Identifier: BSD-2-Clause
"""What a server, a brick or a worker that fails does to work over libgfapi: an error in time, never half an image."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import operations
import pytest
from driver import Driver, LibraryError
from images import answer_of, code_of, complete, disks_on_bricks, sizes
from test_servers import KINDS, down_server
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import SyscallPoint, blackhole, bricks_down, without_bricks, without_quorum
from worker_program import worker_path

pytestmark = pytest.mark.usefixtures("worker")
SETTINGS = "/etc/ganeti/gluster.toml"
SHORT = '[all]\nmount_timeout = "2s"\ncall_timeout = "2s"\n'
WHY = {
    "glusterd down": "nothing listens on",
    "refusing": "nothing listens on",
    "absent": "",
    "unresolvable": "does not resolve",
    "blackholed": "",
    "mute": "",
}


@pytest.fixture
def connected(volume: Volume, driver: Driver) -> Driver:
    """A driver that is connected."""
    driver("connect", volume.source)
    return driver


@pytest.fixture
def hasty(client: Client, volume: Volume, drivers: Callable[..., Driver]) -> Driver:
    """A driver that is connected and does not wait long."""
    client.write_file(SETTINGS, SHORT)
    driver = drivers()
    driver("connect", volume.source)
    return driver


def error_of(driver: Driver, *words: object) -> LibraryError:
    with pytest.raises(LibraryError) as error:
        driver(*words)
    return error.value


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_does_not_serve_is_named_with_the_reason_and_no_worker_stays(
    cluster: Cluster, client: Client, volume: Volume, drivers: Callable[..., Driver], kind: str
) -> None:
    client.write_file(SETTINGS, SHORT)
    driver = drivers()
    with down_server(cluster, kind) as server:
        error = error_of(driver, "connect", f"{server}:/{volume.name}")
    assert error.code == "CONNECT_FAILED"
    assert error.message.startswith(f"{server}:/{volume.name}: cannot connect to the volume by libgfapi: ")
    assert server in error.message.partition("libgfapi: ")[2], error.message
    assert WHY[kind] in error.message
    await_condition(lambda: driver.workers() == [], "its worker has ended")
    assert client.fuse_mounts() == []
    driver("connect", f"node2:/{volume.name}")


@pytest.mark.parametrize("order", ["{},node2", "node2,{}", "{},{},node3"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "glusterd down"])
def test_one_server_that_serves_is_enough(
    cluster: Cluster, client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str,
    kind: str, order: str,
) -> None:
    client.write_file(SETTINGS, '[all]\nmount_timeout = "10s"\n')
    driver = drivers()
    with down_server(cluster, kind) as server:
        driver("connect", f"{order.format(server, server)}:/{volume.name}")
        assert driver("exists", disk) is False


def test_a_volume_that_is_not_there_or_stopped_is_told_apart(
    cluster: Cluster, client: Client, driver: Driver
) -> None:
    error = error_of(driver, "connect", "node1:/no-such-volume")
    assert (error.code, "know no volume" in error.message) == ("CONNECT_FAILED", True), error.message
    cluster.create_volume("stopped", start=False)
    try:
        error = error_of(driver, "connect", "node1:/stopped")
        assert (error.code, "is stopped" in error.message) == ("CONNECT_FAILED", True), error.message
    finally:
        cluster.delete_volume("stopped")


@pytest.mark.parametrize("point", ["openat2", "fcntl", "fsetxattr", "ftruncate", "fallocate", "fchmod"])
def test_a_creation_whose_worker_is_killed_is_an_error_and_leaves_what_can_be_removed(
    client: Client, volume: Volume, connected: Driver, disk: str, point: str
) -> None:
    command = f"create {disk} 3 falloc"
    with operations.worker_stopped_before(client, connected, SyscallPoint(point, 1), command) as worker:
        worker.kill()
    assert answer_of(connected) == "MOUNT_LOST"
    if point == "openat2":
        assert disks_on_bricks(volume) == []
    else:
        assert sizes(volume, disk)[0][1] == 0o200
        assert code_of(connected, "exists", disk) == "UNFINISHED_IMAGE"
        assert connected("remove", disk)
    assert connected("create", disk, 5)
    assert sizes(volume, disk) == complete(volume, 5)
    assert connected("remove", disk)


# Each operation, prepared by one that makes the image, and how often it is seen at the worker.
COMMANDS = {
    "exists {}": "statx",
    "size {}": "statx",
    "grow {} 1 full": "pwrite64",
    "move {} {}": "linkat",
    "remove {}": "unlinkat",
}


@pytest.mark.parametrize("fault", ["killed", "stopped"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_worker_lost_in_the_middle_is_an_error_and_the_next_call_works(
    client: Client, volume: Volume, hasty: Driver, disk: str, command: str, fault: str
) -> None:
    hasty("create", disk, 3)
    words = command.format(disk, f"{disk[:-1]}7")
    point = SyscallPoint(COMMANDS[command], 1)
    with operations.worker_stopped_before(client, hasty, point, words) as worker:
        if fault == "killed":
            worker.kill()
        assert answer_of(hasty) == ("MOUNT_LOST" if fault == "killed" else "UNREACHABLE")
    worker.await_end()
    (name,) = disks_on_bricks(volume)
    assert hasty("exists", name) is True
    assert hasty("size", name) in (3 << 20, 4 << 20)
    assert hasty("remove", name)
    assert hasty("exists", name) is False


def test_without_quorum_work_is_an_error_that_says_so_and_then_well_by_itself(
    volume: Volume, connected: Driver, disk: str
) -> None:
    connected("create", disk, 3)
    with without_quorum(volume):
        for words in (("size", disk), ("exists", disk), ("grow", disk, 1), ("remove", disk), ("create", disk, 1)):
            assert code_of(connected, *words) in ("MOUNT_LOST", "UNREACHABLE"), words
    await_condition(lambda: attempt(connected, "size", disk) == 3 << 20, "the volume is back")
    volume.await_healed()
    assert sizes(volume, disk) == complete(volume, 3)
    assert connected("remove", disk)


def attempt(driver: Driver, *words: object) -> object:
    """The answer, or the code of the error."""
    try:
        return driver(*words)
    except LibraryError as error:
        return error.code


def test_a_volume_without_any_brick_is_an_error_with_the_reason(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    client.write_file(SETTINGS, SHORT)
    driver = drivers()
    with without_bricks(volume):
        error = error_of(driver, "connect", volume.source)
        assert error.code == "CONNECT_FAILED"
        assert "brick" in error.message, error.message


def test_one_brick_of_three_that_dies_in_the_middle_changes_nothing(
    client: Client, volume: Volume, connected: Driver, disk: str
) -> None:
    with ExitStack() as down:
        with operations.worker_stopped_before(client, connected, SyscallPoint("ftruncate", 1), f"create {disk} 3"):
            down.enter_context(bricks_down(volume, volume.bricks[1:2]))
        assert connected.answer() is True
        assert connected("size", disk) == 3 << 20
    volume.await_healed()
    assert sizes(volume, disk) == complete(volume, 3)
    assert connected("remove", disk)


def test_servers_that_fall_silent_in_the_middle_are_an_error_in_time(
    cluster: Cluster, client: Client, volume: Volume, hasty: Driver, disk: str
) -> None:
    hasty("create", disk, 3)
    with blackhole(client):
        error = error_of(hasty, "size", disk)
        assert error.code == "UNREACHABLE"
        assert "does not answer in time" in error.message
        assert error_of(hasty, "size", disk).code == "CONNECT_FAILED"
    # Not tried anew for some seconds.
    await_condition(lambda: attempt(hasty, "size", disk) == 3 << 20, "the servers are back")
    assert hasty("remove", disk)


@pytest.fixture
def other_worker(client: Client) -> Iterator[Callable[[str], None]]:
    """Puts another program in the place of the worker."""
    path = client.path(worker_path())
    kept = path.with_name("kept")
    path.rename(kept)

    def put(text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    yield put
    path.unlink(missing_ok=True)
    kept.rename(path)


@pytest.mark.parametrize(
    ("program", "code", "why"),
    [
        ("#!/bin/false\n", "CONNECT_FAILED", "ended before it was connected"),
        ("#!/bin/sh\nexec sleep 60\n", "CONNECT_FAILED", "after 2s"),
    ],
    ids=["that_ends", "that_says_nothing"],
)
def test_a_worker_that_is_none_of_ours_is_an_error_that_says_so(
    client: Client, volume: Volume, drivers: Callable[..., Driver],
    other_worker: Callable[[str], None], program: str, code: str, why: str,
) -> None:
    client.write_file(SETTINGS, SHORT)
    other_worker(program)
    driver = drivers()
    error = error_of(driver, "connect", volume.source)
    assert (error.code, why in error.message) == (code, True), error.message
    await_condition(lambda: driver.workers() == [], "its worker has ended")


def test_a_worker_that_is_not_installed_is_an_error_that_names_it(
    volume: Volume, driver: Driver, other_worker: Callable[[str], None]
) -> None:
    error = error_of(driver, "connect", volume.source)
    assert error.code == "CONNECT_FAILED"
    assert worker_path() in error.message and "install" in error.message
