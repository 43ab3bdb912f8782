# SPDX-License-Identifier: BSD-2-Clause
"""Workers that reach volumes by libgfapi: what they cost their user, and that they end with it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from driver import Driver, LibraryError
from testbed import Client, Cluster, Process, Volume, await_condition
from testbed.faults import mute_server, stopped

pytestmark = pytest.mark.usefixtures("worker")
SETTINGS = "/etc/ganeti/gluster.toml"


@pytest.fixture
def connected(client: Client, volume: Volume, driver: Driver) -> Driver:
    """A driver that is connected."""
    driver("connect", volume.source)
    return driver


@pytest.fixture
def made(
    volume: Volume, connected: Driver, drivers: Callable[..., Driver], disk: str
) -> Iterator[str]:
    """An image, made over libgfapi."""
    connected("create", disk, 3)
    yield disk
    remover = drivers()
    remover("connect", volume.source)
    remover("remove", disk)


def descriptors(process: Process) -> int:
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def threads(process: Process) -> int:
    return len(os.listdir(f"/proc/{process.pid}/task"))


def has_libgfapi(process: Process) -> bool:
    return "libgfapi" in Path(f"/proc/{process.pid}/maps").read_text()


def worker_of(driver: Driver) -> Process:
    """The one worker of a driver."""
    (worker,) = driver.workers()
    return worker


def zombies(client: Client) -> list[Process]:
    return [process for process in client.processes() if process.state == "Z"]


def test_an_image_lives_and_nothing_is_mounted(
    client: Client, volume: Volume, connected: Driver, disk: str
) -> None:
    assert connected("exists", disk) is False
    connected("create", disk, 3)
    assert connected("size", disk) == 3 << 20
    connected("grow", disk, 2)
    assert connected("size", disk) == 5 << 20
    assert connected("remove", disk) is True
    assert connected("remove", disk) is False
    assert client.fuse_mounts() == []
    assert client.fuse_clients() == []


def test_the_user_has_neither_libgfapi_nor_a_thread_of_it(made: str, connected: Driver) -> None:
    worker, user = worker_of(connected), connected.command.process
    assert has_libgfapi(worker) and threads(worker) > 1
    assert not has_libgfapi(user) and threads(user) == 1
    # Its socket and its log: nothing of the user's, which has pipes.
    links = [os.readlink(entry) for entry in Path(f"/proc/{worker.pid}/fd").iterdir()]
    assert not [link for link in links if link.startswith("pipe:") and link in _links(user)]
    assert connected("remove", made)


def _links(process: Process) -> set[str]:
    return {os.readlink(entry) for entry in Path(f"/proc/{process.pid}/fd").iterdir()}


def test_a_worker_killed_fifty_times_costs_its_user_nothing(
    client: Client, made: str, connected: Driver
) -> None:
    user = connected.command.process
    before = descriptors(user)
    for _ in range(50):
        worker_of(connected).kill()
        # Seen before it is asked, or when it does not answer.
        with suppress(LibraryError):
            connected("exists", made)
        assert connected("size", made) == 3 << 20
        assert descriptors(user) <= before + 1  # of the one that has ended last
        assert len(zombies(client)) <= 1
    assert connected("remove", made)
    connected.end()
    assert connected.command.returncode == 0
    assert client.processes_named("gfapi-worker") == []


def test_a_thousand_children_that_connect_look_and_end_leave_nothing(
    client: Client, volume: Volume, drivers: Callable[..., Driver], connected: Driver, made: str
) -> None:
    users = [drivers() for _ in range(4)]
    for user in users:
        user("connect", volume.source)
    before = [descriptors(user.command.process) for user in users]
    for _ in range(250):
        for user in users:
            user.send("in-child", "exists", made)
        for user in users:
            assert user.answer() == {"answer": {"ok": True, "log": []}, "status": 0}
    assert [descriptors(user.command.process) for user in users] == before
    for user in users:
        user.end()
    assert [user.command.returncode for user in users] == [0] * 4
    assert connected("remove", made)
    connected.end()
    await_condition(lambda: client.processes_named("gfapi-worker") == [], "the workers have ended")
    await_condition(lambda: zombies(client) == [], "no zombie is left")


@pytest.mark.parametrize("keeper", [False, True], ids=["alone", "with_a_child_that_keeps_the_socket"])
@pytest.mark.parametrize("end", ["killed", "exit", "in_good_order"])
def test_a_worker_ends_with_its_user(
    client: Client, made: str, connected: Driver, end: str, keeper: bool
) -> None:
    worker, user = worker_of(connected), connected.command.process
    if keeper:
        child = connected("leave-child")
        (found,) = (item for item in user.children() if item.namespace_pids[-1] == child)
        # Its end of the worker's socket is still open.
        assert _links(found) & _links(user) >= {link for link in _links(user) if link.startswith("socket:")}
    if end == "killed":
        user.kill()
    elif end == "exit":
        connected.send("exit")
        user.await_end()
    else:
        assert connected.command.stdin
        connected.command.stdin.close()
        user.await_end()
    worker.await_end()
    if keeper:
        assert found.running
        found.kill()


def test_a_user_does_not_wait_for_a_worker_that_answers_nobody(
    client: Client, made: str, connected: Driver
) -> None:
    worker = worker_of(connected)
    with stopped(worker):
        connected.end()
        assert connected.command.returncode == 0
    worker.await_end()


def test_a_worker_that_waits_for_a_mute_server_ends_with_its_user(
    cluster: Cluster, client: Client, drivers: Callable[..., Driver]
) -> None:
    for number in (signal.SIGKILL, signal.SIGTERM):
        driver = drivers()
        with mute_server(cluster) as server:
            driver.send("connect", f"{server.address.ipv4}:/gv0")
            worker = await_condition(lambda: next(iter(driver.workers()), None), "it has a worker")
            # Of the threads of libgfapi, several of which only a connection that is begun has.
            await_condition(lambda: has_libgfapi(worker) and threads(worker) > 5, "it connects")
            driver.command.process.kill(number)
            worker.await_end()


def test_an_idle_worker_ends_and_the_next_call_has_another(made: str, connected: Driver) -> None:
    worker = worker_of(connected)
    worker.await_end()
    assert connected("size", made) == 3 << 20
    assert worker_of(connected) != worker
    assert connected("remove", made)


def test_after_a_fork_parent_and_child_work_each_with_a_worker_of_its_own(
    client: Client, made: str, connected: Driver
) -> None:
    worker = worker_of(connected)
    for command, answer in ((f"grow {made} 1", True), (f"size {made}", 4 << 20), (f"size {made}", 4 << 20)):
        child = connected("in-child", command)
        assert (child["answer"]["ok"], child["status"]) == (answer, 0)
        assert worker_of(connected) == worker
    assert connected("size", made) == 4 << 20
    assert connected("grow", made, 1) is True
    assert connected("in-child", f"remove {made}")["answer"]["ok"] is True
    assert connected("exists", made) is False
