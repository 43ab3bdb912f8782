# SPDX-License-Identifier: BSD-2-Clause
"""The mount does not answer: all hear so in time, nobody is taken along, nothing is detached."""

import json
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError, built
from testbed import Client, Mount, Process, Volume, await_condition
from testbed.faults import blackhole, request_in_flight, stopped

# Far beyond the probe timeout, far below the time for which a hung call would last.
LIMIT = 20
OTHER_DIR = "/var/run/ganeti/other"
SERVER = Path(__file__).with_name("forking_server.py")


@pytest.fixture(autouse=True)
def short_probes(client: Client) -> None:
    """No driver of these tests waits long for a mount."""
    client.write_file("/etc/ganeti/gluster.toml", '[all]\nprobe_timeout = "500ms"\n')


def answer(driver: Driver) -> Any:
    """The driver's answer, which must come although the mount hangs."""
    assert driver.command.stdout is not None
    assert select.select([driver.command.stdout], [], [], LIMIT)[0], "no answer in time"
    return driver.answer()


def ask(driver: Driver, *words: object) -> Any:
    """One step, which must end although the mount hangs."""
    driver.send(*words)
    return answer(driver)


def hung(driver: Driver, *words: object) -> LibraryError:
    """The error of a step, awaited until the last good answer is too old to count."""

    def attempt() -> LibraryError | None:
        try:
            ask(driver, *words)
        except LibraryError as error:
            return error
        return None

    error = await_condition(attempt, f"{words} is refused")
    assert error.code == "MOUNT_HUNG"
    return error


def mount_and_client(client: Client) -> tuple[Mount, Process]:
    """The one row on the storage dir and who serves it."""
    (row,) = (row for row in client.mounts() if row.target == REAL_DIR)
    return row, client.fuse_client(REAL_DIR)


def processes_of(*drivers: Driver) -> set[Process]:
    """The drivers' own processes."""
    return {driver.command.process for driver in drivers}


def abandoned(client: Client, own: set[Process]) -> list[Process]:
    """Children that drivers forked and that still wait for the mount."""
    program = (built("test/integration/driver"),)
    found = client.processes()
    return [item for item in found if item.argv[:1] == program and item not in own]


def assert_lock_is_free(client: Client) -> None:
    client.run(["sh", "-c", "flock --nonblock /run/ganeti-gluster/-run-ganeti-gluster/lock true"])


@contextmanager
def stopped_client(client: Client, own: set[Process]) -> Iterator[None]:
    """The FUSE client is stopped. At the end it goes on, and no child waits any more."""
    before = mount_and_client(client)
    with stopped(client.fuse_client(REAL_DIR)):
        yield
        assert mount_and_client(client) == before
        assert len(abandoned(client, own)) <= 1
    await_condition(lambda: not abandoned(client, own), "no child waits any more")
    assert mount_and_client(client) == before


@contextmanager
def unkillable_child(
    client: Client, volume: Volume, driver: Driver, *others: Driver
) -> Iterator[Process]:
    """A child of the first driver waits for a mount and cannot be killed.

    The FUSE client has read its request, and is stopped before it can give the servers up.
    """
    client.mount(volume.source, REAL_DIR)
    own = processes_of(driver, *others)
    with ExitStack() as faults:
        with blackhole(client), request_in_flight(client, REAL_DIR):
            hung(driver, "mount", volume.source)
            faults.enter_context(stopped_client(client, own))
        (child,) = abandoned(client, own)
        assert child.state == "D"
        yield child
    client.await_answer(REAL_DIR)


def test_new_requests_for_a_hung_mount_fail_in_time_and_end(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    owner, *others = (drivers() for _ in range(4))
    owner("mount", volume.source)
    pid = client.fuse_client(REAL_DIR).namespace_pids[-1]
    with stopped_client(client, processes_of(owner, *others)):
        for driver in others:
            error = hung(driver, "mount", volume.source)
            assert f"pid {pid}, is stopped" in error.message or "gets no answer" in error.message
            assert_lock_is_free(client)
        assert ask(others[0], "state") == "hung"
        for driver in others:
            driver.end()
        assert_lock_is_free(client)
    assert owner("check")
    assert drivers()("mount", volume.source)


def test_the_first_to_meet_a_hung_mount_learns_which_process_does_not_answer(
    client: Client, volume: Volume, driver: Driver
) -> None:
    client.mount(volume.source, REAL_DIR)
    pid = client.fuse_client(REAL_DIR).namespace_pids[-1]
    with stopped_client(client, processes_of(driver)):
        assert f"pid {pid}, is stopped" in hung(driver, "mount", volume.source).message
    assert driver("mount", volume.source)


def test_a_mount_that_hangs_after_the_lease_was_given_fails_every_operation(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 1)
    with stopped_client(client, processes_of(driver)):
        hung(driver, "check")
        for operation in ("exists", "size", "grow", "create", "remove"):
            hung(driver, operation, disk, 1)
        assert_lock_is_free(client)
    assert driver("check")
    assert driver("remove", disk)


def test_however_many_calls_are_made_one_child_waits(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    first, *others = (drivers() for _ in range(8))
    own = processes_of(first, *others)
    with unkillable_child(client, volume, first, *others) as child:
        for _ in range(2):
            for driver in others:
                driver.send("mount", volume.source)
            for driver in others:
                with pytest.raises(LibraryError) as error:
                    answer(driver)
                assert error.value.code == "MOUNT_HUNG"
                assert f"process {child.namespace_pids[-1]} has been waiting" in error.value.message
        assert abandoned(client, own) == [child]
        first.end()
    assert not child.running
    assert others[0]("mount", volume.source)


def test_servers_that_fall_silent_are_told_from_a_client_that_does_not_answer(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    client.mount(volume.source, REAL_DIR)
    before = mount_and_client(client)
    driver, other = drivers(), drivers()
    with blackhole(client), request_in_flight(client, REAL_DIR):
        assert "servers do not in time" in hung(driver, "mount", volume.source).message
        hung(other, "mount", volume.source)
        other.end()
        assert_lock_is_free(client)
        assert mount_and_client(client) == before
    client.await_answer(REAL_DIR)
    driver("mount", volume.source)
    assert mount_and_client(client) == before


def test_an_operation_that_hangs_in_the_middle_stops_nobody_else(
    client: Client,
    volume: Volume,
    other_volume: Volume,
    drivers: Callable[..., Driver],
    disk: str,
) -> None:
    driver, other, elsewhere = drivers(), drivers(), drivers(OTHER_DIR)
    driver("mount", volume.source)
    with stopped_client(client, processes_of(driver, other, elsewhere)):
        driver.send("create", disk, 1)
        await_condition(lambda: "fuse" in driver.command.process.kernel_stack, "create hangs")
        assert_lock_is_free(client)
        assert ask(other, "state") == "hung"
        assert ask(other, "drop-hold", disk) is False
        assert ask(elsewhere, "mount", other_volume.source)
        assert ask(elsewhere, "create", disk, 1)
        assert ask(elsewhere, "remove", disk)
        assert ask(elsewhere, "release") == "released"
    assert answer(driver)
    assert driver("remove", disk)


def test_twenty_five_requests_on_a_hung_mount_do_not_stop_a_forking_server(
    client: Client, volume: Volume, other_volume: Volume, driver: Driver, disk: str
) -> None:
    steps = [f"mount {volume.source}"]
    requests = [{"id": i, "storage_dir": STORAGE_DIR, "steps": steps} for i in range(25)]
    steps = [f"mount {other_volume.source}", f"create {disk} 1", f"remove {disk}", "release"]
    requests.append({"id": 25, "storage_dir": OTHER_DIR, "steps": steps})
    server = client.popen(
        [sys.executable, "-IS", str(SERVER), built("test/integration/driver")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        with unkillable_child(client, volume, driver):
            lines = "".join(json.dumps(request) + "\n" for request in requests)
            output, _ = server.communicate(lines, timeout=60)
    finally:
        server.end()
    answers = {item["id"]: item["answers"] for item in map(json.loads, output.splitlines())}
    assert server.returncode == 0
    assert [answers[i][0].get("error") for i in range(25)] == ["MOUNT_HUNG"] * 25
    assert [item.get("ok") for item in answers[25]] == [OTHER_DIR, True, True, "released"]
    assert driver("mount", volume.source)
